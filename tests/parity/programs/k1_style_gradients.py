'''Style transfer on a small fixed network: content, Gram and variation losses, gradients to scipy-like descent.'''
from __future__ import print_function
import numpy as np
import time
from keras.models import Sequential, Model
from keras.layers import Convolution2D, MaxPooling2D, Input
from keras import backend as K

img_nrows, img_ncols = 8, 8
total_variation_weight, style_weight, content_weight = .05, 1., 0.25
assert K.image_dim_ordering() == 'tf'
rng = np.random.RandomState(13)

base_image = K.variable(rng.uniform(-50, 50, (1, img_nrows, img_ncols, 3)))
style_reference_image = K.variable(rng.uniform(-50, 50, (1, img_nrows, img_ncols, 3)))
combination_image = K.placeholder((1, img_nrows, img_ncols, 3))
input_tensor = K.concatenate([base_image, style_reference_image, combination_image], axis=0)

model_input = Input(tensor=input_tensor, shape=(img_nrows, img_ncols, 3))
x = Convolution2D(4, 3, 3, activation='relu', border_mode='same', name='block1_conv1')(model_input)
x = MaxPooling2D((2, 2), strides=(2, 2), name='block1_pool')(x)
x = Convolution2D(6, 3, 3, activation='relu', border_mode='same', name='block2_conv1')(x)
model = Model(model_input, x)
model.set_weights([rng.normal(0, .2, w.shape) for w in model.get_weights()])
outputs_dict = dict([(layer.name, layer.output) for layer in model.layers])


def gram_matrix(x):
    assert K.ndim(x) == 3
    features = K.batch_flatten(K.permute_dimensions(x, (2, 0, 1)))
    return K.dot(features, K.transpose(features))


def style_loss(style, combination):
    S, C = gram_matrix(style), gram_matrix(combination)
    size = img_nrows * img_ncols
    return K.sum(K.square(S - C)) / (4. * (3 ** 2) * (size ** 2))


def content_loss(base, combination):
    return K.sum(K.square(combination - base))


def total_variation_loss(x):
    a = K.square(x[:, :img_nrows - 1, :img_ncols - 1, :] - x[:, 1:, :img_ncols - 1, :])
    b = K.square(x[:, :img_nrows - 1, :img_ncols - 1, :] - x[:, :img_nrows - 1, 1:, :])
    return K.sum(K.pow(a + b, 1.25))


loss = K.variable(0.)
layer_features = outputs_dict['block2_conv1']
loss += content_weight * content_loss(layer_features[0, :, :, :], layer_features[2, :, :, :])
for layer_name in ['block1_conv1', 'block2_conv1']:
    features = outputs_dict[layer_name]
    loss += (style_weight / 2) * style_loss(features[1, :, :, :], features[2, :, :, :])
loss += total_variation_weight * total_variation_loss(combination_image)
grads = K.gradients(loss, combination_image)
outputs = [loss]
if type(grads) in {list, tuple}:
    outputs += grads
else:
    outputs.append(grads)
f_outputs = K.function([combination_image], outputs)


class Evaluator(object):
    def __init__(self):
        self.loss_value = None
        self.grads_values = None

    def loss(self, x):
        outs = f_outputs([x.reshape((1, img_nrows, img_ncols, 3))])
        self.loss_value = outs[0]
        self.grad_values = outs[1].flatten().astype('float64')
        return self.loss_value

    def grads(self, x):
        return np.copy(self.grad_values)


evaluator = Evaluator()
x = np.random.RandomState(2).uniform(0, 255, (1, img_nrows, img_ncols, 3)) - 128.
for i in range(4):
    print('RESULT loss%d' % i, evaluator.loss(x))
    g = evaluator.grads(x)
    print('RESULT grads%d' % i, np.abs(g).sum(), g[:3])
    x = x - 0.02 * g.reshape(x.shape)
print('RESULT x', x[0, 4, 4], x.mean())
