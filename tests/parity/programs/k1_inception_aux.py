"""Inception-like towers with an auxiliary classifier, LRN as a layer of the author's, EarlyStopping on one output."""
import numpy as np
from keras.layers import Input, Dense, Convolution2D, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D
from keras.layers import ZeroPadding2D, Dropout, Flatten, merge, Reshape, Activation
from keras.models import Model
from keras.regularizers import l2, activity_l1
from keras.optimizers import SGD
from keras.callbacks import EarlyStopping, ReduceLROnPlateau
from keras.engine import Layer
from keras import backend as K


class LRN(Layer):
    def __init__(self, alpha=0.0001, k=1, beta=0.75, n=5, **kwargs):
        self.alpha = alpha
        self.k = k
        self.beta = beta
        self.n = n
        super(LRN, self).__init__(**kwargs)

    def call(self, x, mask=None):
        b, r, c, ch = K.int_shape(x)
        half_n = self.n // 2
        input_sqr = K.square(x)
        input_sqr = K.spatial_2d_padding(K.permute_dimensions(input_sqr, (0, 1, 3, 2)), padding=(0, half_n))
        scale = self.k
        norm_alpha = self.alpha / self.n
        for i in range(self.n):
            scale += norm_alpha * K.permute_dimensions(input_sqr[:, :, i:i + ch, :], (0, 1, 3, 2))
        scale = scale ** self.beta
        return x / scale

    def get_config(self):
        config = {"alpha": self.alpha, "k": self.k, "beta": self.beta, "n": self.n}
        base_config = super(LRN, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


class PoolHelper(Layer):
    def call(self, x, mask=None):
        return x[:, 1:, 1:, :]

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[1] - 1, input_shape[2] - 1, input_shape[3])


def inception(x, name, sizes=(3, 4, 2, 2)):
    one = Convolution2D(sizes[0], 1, 1, border_mode='same', activation='relu', name=name + '/1x1', W_regularizer=l2(0.0002))(x)
    three = Convolution2D(sizes[1], 1, 1, activation='relu', name=name + '/3x3_reduce')(x)
    three = Convolution2D(sizes[1], 3, 3, border_mode='same', activation='relu', name=name + '/3x3', W_regularizer=l2(0.0002))(three)
    sep = Convolution2D(sizes[2], 1, 5, border_mode='same', activation='relu')(x)
    sep = Convolution2D(sizes[2], 5, 1, border_mode='same', activation='relu')(sep)
    pool = MaxPooling2D(pool_size=(3, 3), strides=(1, 1), border_mode='same', name=name + '/pool')(x)
    pool = Convolution2D(sizes[3], 1, 1, border_mode='same', activation='relu', name=name + '/pool_proj')(pool)
    return merge([one, three, sep, pool], mode='concat', concat_axis=3, name=name + '/output')


input = Input(shape=(12, 12, 2))
x = Convolution2D(4, 3, 3, subsample=(1, 1), border_mode='same', activation='relu', name='conv1')(input)
x = ZeroPadding2D(padding=(1, 1))(x)
x = PoolHelper()(x)
x = MaxPooling2D(pool_size=(3, 3), strides=(2, 2), border_mode='valid')(x)
x = LRN(alpha=0.01, name='norm1')(x)
a = inception(x, 'inception_3a')
aux = AveragePooling2D(pool_size=(2, 2), strides=(2, 2))(a)
aux = Dense(3, activation='softmax', name='aux')(Dropout(0.)(Flatten()(aux)))
b = inception(a, 'inception_3b', (2, 2, 2, 2))
b = GlobalAveragePooling2D()(b)
main = Dense(3, activation='softmax', name='main', activity_regularizer=activity_l1(0.0005))(b)
model = Model(input=input, output=[main, aux])
rng = np.random.RandomState(55)
for l in model.layers:
    l.set_weights([rng.normal(0, .15, w.shape) for w in l.get_weights()])
model.compile(optimizer=SGD(lr=0.05, momentum=0.9, decay=1e-3), loss='categorical_crossentropy', loss_weights=[1., .3],
              metrics=['accuracy'])
X = rng.rand(20, 12, 12, 2)
Y = np.eye(3)[rng.randint(0, 3, 20)]
h = model.fit(X, [Y, Y], validation_data=(X[:8], [Y[:8], Y[:8]]), batch_size=5, nb_epoch=4, verbose=0, shuffle=False,
              callbacks=[EarlyStopping(monitor='val_main_loss', patience=5), ReduceLROnPlateau(monitor='main_acc', mode='max', patience=1)])
for k in sorted(h.history.keys()):
    print('RESULT %s %s' % (k, [float(v) for v in h.history[k]]))
p = model.predict(X[:2])
print('RESULT main %s' % p[0].ravel())
print('RESULT aux %s' % p[1].ravel())
print('RESULT names %s' % model.output_names)
