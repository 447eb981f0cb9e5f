"""Own optimizers: Adam with decoupled weight decay, and steps by the sign of an averaged gradient."""
import numpy as np
import keras
from keras import backend as K
from keras.legacy import interfaces
from keras.optimizers import Optimizer, Adam
from keras.layers import Dense
from keras.models import Sequential


class AdamW(Optimizer):
    def __init__(self, lr=0.001, beta_1=0.9, beta_2=0.999, weight_decay=1e-2, epsilon=1e-8, decay=0., **kwargs):
        super(AdamW, self).__init__(**kwargs)
        with K.name_scope(self.__class__.__name__):
            self.iterations = K.variable(0, dtype='int64', name='iterations')
            self.lr = K.variable(lr, name='lr')
            self.beta_1 = K.variable(beta_1, name='beta_1')
            self.beta_2 = K.variable(beta_2, name='beta_2')
            self.decay = K.variable(decay, name='decay')
            self.wd = K.variable(weight_decay, name='weight_decay')
        self.epsilon = epsilon
        self.initial_decay = decay

    @interfaces.legacy_get_updates_support
    def get_updates(self, loss, params):
        grads = self.get_gradients(loss, params)
        self.updates = [(self.iterations, self.iterations + 1)]
        wd = self.wd
        lr = self.lr
        if self.initial_decay > 0:
            lr = lr * (1. / (1. + self.decay * K.cast(self.iterations, K.dtype(self.decay))))
        t = K.cast(self.iterations, K.floatx()) + 1
        lr_t = lr * (K.sqrt(1. - K.pow(self.beta_2, t)) / (1. - K.pow(self.beta_1, t)))
        ms = [K.zeros(K.int_shape(p), dtype=K.dtype(p)) for p in params]
        vs = [K.zeros(K.int_shape(p), dtype=K.dtype(p)) for p in params]
        self.weights = [self.iterations] + ms + vs
        for p, g, m, v in zip(params, grads, ms, vs):
            m_t = (self.beta_1 * m) + (1. - self.beta_1) * g
            v_t = (self.beta_2 * v) + (1. - self.beta_2) * K.square(g)
            p_t = p - lr_t * m_t / (K.sqrt(v_t) + self.epsilon) - lr * wd * p
            self.updates.append(K.update(m, m_t))
            self.updates.append(K.update(v, v_t))
            new_p = p_t
            if getattr(p, 'constraint', None) is not None:
                new_p = p.constraint(new_p)
            self.updates.append(K.update(p, new_p))
        return self.updates

    def get_config(self):
        config = {'lr': float(K.get_value(self.lr)), 'weight_decay': float(K.get_value(self.wd)), 'epsilon': self.epsilon}
        base_config = super(AdamW, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


class SignMomentum(Optimizer):
    """Steps by the sign of an averaged gradient."""
    def __init__(self, lr=0.01, momentum=0.5, **kwargs):
        super(SignMomentum, self).__init__(**kwargs)
        self.iterations = K.variable(0, name='iterations')
        self.lr = K.variable(lr, name='lr')
        self.momentum = momentum

    def get_updates(self, loss, params):
        grads = self.get_gradients(loss, params)
        shapes = [K.get_variable_shape(p) for p in params]
        moments = [K.zeros(shape) for shape in shapes]
        self.weights = [self.iterations] + moments
        self.updates = [(self.iterations, self.iterations + 1)]
        for p, g, m in zip(params, grads, moments):
            v = self.momentum * m + (1 - self.momentum) * g
            self.updates.append(K.update(m, v))
            self.updates.append(K.update(p, p - self.lr * K.sign(v)))
        return self.updates


def make():
    model = Sequential([Dense(5, activation='tanh', input_shape=(4,), kernel_constraint=keras.constraints.max_norm(1.)),
                        Dense(2)])
    rng = np.random.RandomState(3)
    model.set_weights([rng.normal(0, .7, w.shape) for w in model.get_weights()])
    return model


rng = np.random.RandomState(1)
X = rng.randn(24, 4)
Y = np.stack([X[:, 0] * X[:, 1], np.sin(X[:, 2])], 1)
for name, opt in [('adamw', AdamW(lr=0.02, weight_decay=0.05)), ('adamw_decay', AdamW(0.03, decay=0.1)),
                  ('sign', SignMomentum(lr=0.005, momentum=0.8, clipnorm=0.5)), ('adam', Adam(0.02))]:
    model = make()
    model.compile(loss='mse', optimizer=opt)
    h = model.fit(X, Y, epochs=4, batch_size=8, shuffle=False, verbose=0)
    print('RESULT', name, *h.history['loss'])
    print('RESULT', name + '_w', *model.get_weights()[0][0])
    print('RESULT', name + '_it', int(K.get_value(opt.iterations)))
