"""Programs that hold the support pieces of features against the originals: see test_support_run.py."""

GET_UPDATES = """
base = with_get_updates if NEW else lambda kind: kind
class Momentum(base(Optimizer)):
    def __init__(self, lr=.01, momentum=.9, decay=0., **kwargs):
        super(Momentum, self).__init__(**kwargs)
        self.__dict__.update(locals())
        self.iterations = K.variable(0, 'int64')
        self.lr = K.variable(lr)
        self.momentum = K.variable(momentum)
        self.decay = K.variable(decay)
    def get_updates(self, loss, params):
        grads = self.get_gradients(loss, params)
        self.updates = [K.update_add(self.iterations, 1)]
        lr = self.lr * (1. / (1. + self.decay * K.cast(self.iterations, 'float32')))
        moments = [K.zeros(K.int_shape(p), dtype='float32') for p in params]
        self.weights = [self.iterations] + moments
        for p, g, m in zip(params, grads, moments):
            v = self.momentum * m - lr * g
            self.updates.append(K.update(m, v))
            new_p = p + v
            if 'bias' in p.name:
                new_p = p + 2 * v
            if getattr(p, 'constraint', None) is not None:
                new_p = p.constraint(new_p)
            self.updates.append(K.update(p, new_p))
        return self.updates
    def get_config(self):
        config = {name: float(K.get_value(getattr(self, name))) for name in ('lr', 'momentum', 'decay')}
        return dict(list(super(Momentum, self).get_config().items()) + list(config.items()))
class Accumulated(base(Optimizer)):
    def __init__(self, lr=.001, every=3, **kwargs):
        super(Accumulated, self).__init__(**kwargs)
        with K.name_scope(self.__class__.__name__):
            self.iterations = K.variable(0, dtype='int64', name='iterations')
            self.lr = K.variable(lr, name='lr')
        self.every = every
    def get_updates(self, loss, params):
        grads = self.get_gradients(loss, params)
        now = K.variable(1.)
        gs = [K.zeros(K.int_shape(p), dtype=K.dtype(p)) for p in params]
        self.updates, self.weights = [(now, K.switch(now >= self.every, now * 0 + 1, now + 1))], gs
        done = K.cast(now >= self.every, K.floatx())
        for p, g, tg in zip(params, grads, gs):
            self.updates.append(K.update(tg, (1 - done) * (tg + g)))
            self.updates.append(K.update_sub(p, done * self.lr * K.switch(done > 0, tg + g, 0 * g)))
        return self.updates
class Wrapper(base(Optimizer)):
    def __init__(self, optimizer, multipliers, **kwargs):
        super(Wrapper, self).__init__(**kwargs)
        self.optimizer = keras.optimizers.get(optimizer)
        self.multipliers = multipliers
        self.lr = self.optimizer.lr
    def get_updates(self, loss, params):
        self.updates, self.weights = [], []
        for multiplier in sorted(self.multipliers.values()):
            mine = [p for p in params if self.multipliers[p.name.split('/')[1]] == multiplier]
            self.optimizer.lr = self.lr * multiplier
            self.updates += self.optimizer.get_updates(loss, mine)
            self.weights += self.optimizer.weights
        self.optimizer.lr = self.lr
        return self.updates
class Warm(base(Adam)):
    def __init__(self, warmup, **kwargs):
        super(Warm, self).__init__(**kwargs)
        self.warmup = warmup
    def get_updates(self, loss, params):
        rate = self.lr
        self.lr = rate * K.minimum(1., K.cast(self.iterations + 1, 'float32') / self.warmup)
        updates = super(Warm, self).get_updates(loss, params)
        self.lr = rate
        return updates
class Normalized(base(RMSprop)):
    def get_gradients(self, loss, params):
        grads = super(Normalized, self).get_gradients(loss, params)
        return [g / (K.sqrt(K.mean(K.square(g))) + K.epsilon()) for g in grads]
x = rng.uniform(-1, 1, (22, 3))
y = x[:, :1] ** 2
words = rng.randint(0, 6, (22, 3))

def model_of(kind):
    first = Dense(4, input_shape=(3,), activation='tanh', kernel_constraint='max_norm')
    words = Embedding(6, 3) if NEW else Embedding(6, 3, input_length=3)
    layers = [first, Dense(1)] if kind == 'dense' else ([Input((3,))] if NEW else []) + [words, Flatten(), Dense(1)]
    model = Sequential(layers)
    fill(model)
    return model
multipliers = {'kernel:0': 1., 'bias:0': 3., 'embeddings:0': 2.}
makers = [
    ('dense', lambda: Momentum(.1, decay=.5, clipnorm=.3)), ('words', lambda: Momentum(.1, clipvalue=.03)),
    ('dense', lambda: Accumulated(.1)), ('words', lambda: Wrapper(Adam(.01), multipliers)),
    ('dense', lambda: Wrapper('sgd', multipliers)), ('dense', lambda: Warm(5, lr=.05, decay=.1, amsgrad=True)),
    ('dense', lambda: Normalized(lr=.01)),
]
for kind in (SGD, Adagrad, Adadelta, Adam, Adamax, Nadam):
    class Same(base(kind)):
        pass
    makers.append(('dense', Same))
for number, (kind, maker) in enumerate(makers):
    K.clear_session()
    model, optimizer = model_of(kind), maker()
    model.compile(optimizer, 'mse')
    inputs = x if kind == 'dense' else words
    show('loss%d' % number, fit(model, inputs, y)['loss'], model.train_on_batch(inputs[:7], y[:7]))
    show('weights%d' % number, *model.get_weights())
    show('state%d' % number, *[K.get_value(w) for w in optimizer.weights])
if NEW:
    model.compile(Momentum(.1), 'mse')
    model.train_on_batch(x, y)
    for name, load in (('m.keras', keras.models.load_model), ('m.h5', load_model)):
        model.save(name)
        again = load(name, custom_objects={'Momentum': Momentum})
        assert np.allclose(again.optimizer.get_weights()[1], model.optimizer.get_weights()[1]), name
        assert np.allclose(again.train_on_batch(x, y), model.evaluate(x, y, verbose=0), atol=1e-6), name
"""
