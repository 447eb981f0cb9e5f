"""Keras 1 extension points together: own optimizer (params, constraints, loss), regularizer, constraint, callback."""
import numpy as np
from keras import backend as K
from keras.optimizers import Optimizer
from keras.regularizers import Regularizer
from keras.constraints import Constraint
from keras.callbacks import Callback
from keras.models import Sequential
from keras.layers.core import Dense, Activation


class LR_SGD(Optimizer):
    """SGD with rates of their own for some weights."""

    def __init__(self, lr=0.01, momentum=0., decay=0., nesterov=False, multipliers=[0.1, 1], **kwargs):
        super(LR_SGD, self).__init__(**kwargs)
        self.__dict__.update(locals())
        self.iterations = K.variable(0.)
        self.lr = K.variable(lr)
        self.momentum = K.variable(momentum)
        self.decay = K.variable(decay)
        self.multipliers = multipliers

    def get_updates(self, params, constraints, loss):
        grads = self.get_gradients(loss, params)
        lr = self.lr * (1. / (1. + self.decay * self.iterations))
        self.updates = [(self.iterations, self.iterations + 1.)]
        shapes = [K.get_variable_shape(p) for p in params]
        moments = [K.zeros(shape) for shape in shapes]
        self.weights = [self.iterations] + moments
        for i, (p, g, m) in enumerate(zip(params, grads, moments)):
            rate = lr * self.multipliers[i % len(self.multipliers)]
            v = self.momentum * m - rate * g  # velocity
            self.updates.append((m, v))
            new_p = p + self.momentum * v - rate * g if self.nesterov else p + v
            if p in constraints:
                new_p = constraints[p](new_p)
            self.updates.append((p, new_p))
        return self.updates

    def get_config(self):
        config = {'lr': float(K.get_value(self.lr)), 'momentum': float(K.get_value(self.momentum))}
        base_config = super(LR_SGD, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


class Sparsity(Regularizer):
    def __init__(self, c=0.01):
        self.c = K.cast_to_floatx(c)

    def __call__(self, x):
        return self.c * K.sum(K.log(1. + K.square(x)))

    def get_config(self):
        return {"name": self.__class__.__name__, "c": float(self.c)}


class Clip(Constraint):
    def __init__(self, c=0.5):
        self.c = c

    def __call__(self, p):
        return K.clip(p, -self.c, self.c)


class WeightTrace(Callback):
    def __init__(self, layer):
        super(WeightTrace, self).__init__()
        self.layer, self.trace = layer, []

    def on_batch_end(self, batch, logs={}):
        self.trace.append(np.abs(self.model.layers[self.layer].get_weights()[0]).max())


rng = np.random.RandomState(77)
X = rng.randn(18, 5)
y = (X ** 2).sum(1) - X[:, 0]
for nesterov in (False, True):
    model = Sequential()
    model.add(Dense(6, input_shape=(5,), W_regularizer=Sparsity(0.02), W_constraint=Clip(0.6)))
    model.add(Activation('softplus'))
    model.add(Dense(1, W_constraint='nonneg'))
    model.set_weights([np.random.RandomState(i).uniform(-.5, .7, w.shape) for i, w in enumerate(model.get_weights())])
    opt = LR_SGD(lr=0.01, momentum=0.8, decay=0.05, nesterov=nesterov, multipliers=[0.5, 1])
    model.compile(opt, 'mae')
    trace = WeightTrace(0)
    h = model.fit(X, y, 6, 3, 0, callbacks=[trace], shuffle=False)
    print('RESULT loss %s' % h.history['loss'])
    print('RESULT trace %s' % [float(v) for v in trace.trace])
    print('RESULT out %s' % model.predict(X[:4]).ravel())
    print('RESULT iterations %d %.4f' % (K.get_value(opt.iterations), opt.get_config()['momentum']))
