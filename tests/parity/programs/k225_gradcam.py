"""Grad-CAM and saliency maps for a small VGG-like network."""
import numpy as np
from keras import backend as K
from keras.models import Model
from keras.layers import Input, Conv2D, MaxPooling2D, GlobalAveragePooling2D, Dense


def build_model(classes=4):
    img_input = Input(shape=(12, 12, 3))
    x = Conv2D(6, (3, 3), activation='relu', padding='same', name='block1_conv1')(img_input)
    x = MaxPooling2D((2, 2), strides=(2, 2), name='block1_pool')(x)
    x = Conv2D(8, (3, 3), activation='relu', padding='same', name='block2_conv1')(x)
    x = GlobalAveragePooling2D()(x)
    x = Dense(classes, activation='softmax', name='predictions')(x)
    model = Model(img_input, x, name='minivgg')
    rng = np.random.RandomState(2019)
    for layer in model.layers:
        layer.set_weights([rng.normal(0, .35, w.shape) for w in layer.get_weights()])
    return model


def grad_cam(model, image, cls, layer_name):
    y_c = model.output[0, cls]
    conv_output = model.get_layer(layer_name).output
    grads = K.gradients(y_c, conv_output)[0]
    # Normalize if necessary
    # grads = grads / (K.sqrt(K.mean(K.square(grads))) + 1e-5)
    gradient_function = K.function([model.input], [conv_output, grads])
    output, grads_val = gradient_function([image])
    output, grads_val = output[0, :], grads_val[0, :, :, :]
    weights = np.mean(grads_val, axis=(0, 1))
    cam = np.dot(output, weights)
    cam = np.maximum(cam, 0)
    return cam / (cam.max() + 1e-8)


def saliency(model, image):
    loss = K.max(model.output, axis=1)
    grads = K.gradients(K.sum(loss), model.input)[0]
    grads /= (K.sqrt(K.mean(K.square(grads))) + K.epsilon())
    f = K.function([model.layers[0].input, K.learning_phase()], [grads, loss])
    return f([image, 0])


if __name__ == '__main__':
    model = build_model()
    images = np.random.RandomState(4).uniform(0, 1, (2, 12, 12, 3))
    pred = model.predict(images)
    print('RESULT predictions', *pred.ravel())
    for i in range(2):
        cls = int(np.argmax(pred[i]))
        cam = grad_cam(model, images[i:i + 1], cls, 'block2_conv1')
        print('RESULT cam%d' % i, cls, cam.shape[0], cam.shape[1], cam.sum(), *cam[2, :4])
    g, loss = saliency(model, images[:1])
    print('RESULT saliency', g.shape[-1], np.abs(g).sum(), g[0, 5, 5, 0], loss[0])
    layer_outs = [K.function([model.input], [l.output])([images])[0] for l in model.layers[1:]]
    print('RESULT activations', *[o.mean() for o in layer_outs])
