"""CapsNet on toy images."""
import numpy as np
from keras import layers, models, optimizers
from keras import backend as K
from keras.utils import to_categorical
from capsulelayers import CapsuleLayer, Length, squash

K.set_image_data_format('channels_last')


def margin_loss(y_true, y_pred):
    L = y_true * K.square(K.maximum(0., 0.9 - y_pred)) + \
        0.5 * (1 - y_true) * K.square(K.maximum(0., y_pred - 0.1))
    return K.mean(K.sum(L, 1))


def CapsNet(input_shape, n_class, routings):
    x = layers.Input(shape=input_shape)
    conv1 = layers.Conv2D(filters=4, kernel_size=3, strides=1, padding='valid', activation='relu', name='conv1')(x)
    primary = layers.Conv2D(filters=6, kernel_size=3, strides=2, padding='valid', name='primarycap_conv2d')(conv1)
    primary = layers.Reshape(target_shape=[-1, 3], name='primarycap_reshape')(primary)
    primary = layers.Lambda(squash, name='primarycap_squash')(primary)
    digitcaps = CapsuleLayer(num_capsule=n_class, dim_capsule=4, routings=routings, name='digitcaps')(primary)
    out_caps = Length(name='capsnet')(digitcaps)
    return models.Model(x, out_caps)


def train(model, data, args):
    (x_train, y_train), (x_test, y_test) = data
    model.compile(optimizer=optimizers.Adam(lr=args['lr']), loss=[margin_loss], metrics={'capsnet': 'accuracy'})
    return model.fit(x_train, y_train, batch_size=args['batch_size'], epochs=args['epochs'], shuffle=False, verbose=0,
                     validation_data=[x_test, y_test])


if __name__ == "__main__":
    args = {'lr': 0.01, 'batch_size': 8, 'epochs': 3, 'routings': 3}
    r = np.random.RandomState(0)
    x = r.uniform(size=(32, 8, 8, 1))
    y = to_categorical(np.arange(32) % 3, 3)
    x[np.arange(32) % 3 == 1, :4] *= .2
    model = CapsNet(x.shape[1:], 3, args['routings'])
    model.set_weights([r.normal(0, .4, w.shape) for w in model.get_weights()])
    print('RESULT shapes', *[l.output_shape[1:] for l in model.layers[2:]])
    print('RESULT before', *model.predict(x[:2]).ravel())
    h = train(model, ((x[:24], y[:24]), (x[24:], y[24:])), args).history
    print('RESULT loss', *h['loss'])
    print('RESULT acc', *h['acc'])
    print('RESULT val', *h['val_loss'])
    print('RESULT config', model.get_layer('digitcaps').get_config()['routings'], model.count_params())
