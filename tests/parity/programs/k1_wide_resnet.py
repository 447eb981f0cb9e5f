"""Wide residual network with pre-activation, shortcuts by 1x1 convolutions, augmenting generator, rate schedule."""
import numpy as np
import sys
from keras.models import Model
from keras.layers import Input, merge, Activation, Dropout, Flatten, Dense
from keras.layers.convolutional import Convolution2D, MaxPooling2D, AveragePooling2D
from keras.layers.normalization import BatchNormalization
from keras.optimizers import SGD
from keras.regularizers import l2
from keras.callbacks import LearningRateScheduler, ModelCheckpoint
from keras.preprocessing.image import ImageDataGenerator
from keras.utils import np_utils
from keras import backend as K

sys.setrecursionlimit(2 ** 20)
depth, k = 10, 2
weight_decay = 0.0005
channel_axis = 1 if K.image_dim_ordering() == "th" else -1
weight_init = "he_normal"


def _wide_basic(n_input_plane, n_output_plane, stride):
    def f(net):
        conv_params = [[3, 3, stride, (1, 1)], [3, 3, (1, 1), (1, 1)]]
        for i, v in enumerate(conv_params):
            if i == 0:
                if n_input_plane != n_output_plane:
                    net = BatchNormalization(axis=channel_axis)(net)
                    net = Activation("relu")(net)
                    convs = net
                else:
                    convs = BatchNormalization(axis=channel_axis)(net)
                    convs = Activation("relu")(convs)
                convs = Convolution2D(n_output_plane, nb_col=v[0], nb_row=v[1], subsample=v[2], border_mode='same',
                                      init=weight_init, W_regularizer=l2(weight_decay), bias=False)(convs)
            else:
                convs = BatchNormalization(axis=channel_axis)(convs)
                convs = Activation("relu")(convs)
                convs = Convolution2D(n_output_plane, nb_col=v[0], nb_row=v[1], subsample=v[2], border_mode='same',
                                      init=weight_init, W_regularizer=l2(weight_decay), bias=False)(convs)
        if n_input_plane != n_output_plane:
            shortcut = Convolution2D(n_output_plane, nb_col=1, nb_row=1, subsample=stride, border_mode="same",
                                     init=weight_init, W_regularizer=l2(weight_decay), bias=False)(net)
        else:
            shortcut = net
        return merge([convs, shortcut], mode="sum")
    return f


def create_model(nb_classes=4):
    inputs = Input(shape=(8, 8, 3))
    x = Convolution2D(4, 3, 3, border_mode="same", init=weight_init, W_regularizer=l2(weight_decay), bias=False)(inputs)
    x = _wide_basic(4, 4 * k, (1, 1))(x)
    x = _wide_basic(4 * k, 4 * k, (1, 1))(x)
    x = _wide_basic(4 * k, 6 * k, (2, 2))(x)
    x = BatchNormalization(axis=channel_axis, epsilon=1.1e-5, momentum=0.9)(x)
    x = Activation("relu")(x)
    x = AveragePooling2D(pool_size=(4, 4), strides=(1, 1), border_mode="same")(x)
    x = Flatten()(x)
    predictions = Dense(output_dim=nb_classes, init=weight_init, bias=False, W_regularizer=l2(weight_decay), activation="softmax")(x)
    return Model(input=inputs, output=predictions)


rng = np.random.RandomState(2)
X = rng.randint(0, 256, (24, 8, 8, 3)).astype('float32') / 255
Y = np_utils.to_categorical(rng.randint(0, 4, (24, 1)), 4)
model = create_model()
values = []
for w in model.get_weights():
    values.append(rng.normal(0, 0.15, w.shape) if w.ndim > 1 else w + 0.1 * rng.rand(*w.shape))
model.set_weights(values)
model.compile(optimizer=SGD(lr=0.1, momentum=0.9, nesterov=True), loss="categorical_crossentropy", metrics=["accuracy"])
lr_schedule = [1, 2]


def schedule(epoch_idx):
    if (epoch_idx + 1) < lr_schedule[0]:
        return 0.02
    elif (epoch_idx + 1) < lr_schedule[1]:
        return 0.01
    return 0.004


train_datagen = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True, zca_whitening=False)
train_datagen.fit(X)
test_datagen = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
test_datagen.fit(X)
hist = model.fit_generator(train_datagen.flow(X, Y, batch_size=8, shuffle=False), samples_per_epoch=X.shape[0], nb_epoch=3,
                           validation_data=test_datagen.flow(X[:8], Y[:8], batch_size=8, shuffle=False), nb_val_samples=8,
                           callbacks=[LearningRateScheduler(schedule=schedule)], verbose=0, max_q_size=1)
for key in ('loss', 'acc', 'val_loss'):
    print('RESULT', key, hist.history[key])
print('RESULT predict', model.predict(X[:2] - .5).ravel())
bn = [l for l in model.layers if isinstance(l, BatchNormalization)]
print('RESULT moving', len(bn), bn[0].get_weights()[2], bn[-1].get_weights()[3][:3])
print('RESULT rate', K.get_value(model.optimizer.lr), model.count_params())
