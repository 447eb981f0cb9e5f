'''Looking inside a convnet: activations, saliency maps, gradient ascent, class activation.'''
import numpy as np
import tensorflow as tf
import keras
import keras.backend as K
from keras.backend.tensorflow_backend import set_session
from keras.layers import Conv2D, Dense, Dropout, Flatten, GlobalAveragePooling2D, Input, BatchNormalization
from keras.models import Model

config = tf.ConfigProto()
config.gpu_options.allow_growth = True
set_session(tf.Session(config=config))

img = Input((6, 6, 1))
c = Conv2D(3, 3, activation='relu', name='conv')(img)
c = BatchNormalization(name='bn')(c)
g = GlobalAveragePooling2D(name='gap')(c)
g = Dropout(0.)(g)
o = Dense(3, activation='softmax', name='fc')(g)
model = Model(img, o)
r = np.random.RandomState(3)
model.set_weights([r.uniform(.3, 1.2, w.shape) if w.ndim == 1 else r.normal(0, .5, w.shape) for w in model.get_weights()])
x = r.uniform(size=(2, 6, 6, 1))


def get_activations(model, layer, X_batch, phase=0):
    f = K.function([model.layers[0].input, K.learning_phase()], [model.layers[layer].output])
    return f([X_batch, phase])[0]


print('RESULT conv', get_activations(model, 1, x).sum())
print('RESULT bn_test', get_activations(model, 2, x, 0).sum(), get_activations(model, 2, x, 0).max())
print('RESULT bn_train', get_activations(model, 2, x, 1).sum(), get_activations(model, 2, x, 1).max())

# saliency
loss = K.sum(K.max(model.output, axis=1))
grads = K.gradients(loss, model.input)[0]
saliency = K.function([model.input], [grads, loss])
s, l = saliency([x])
print('RESULT saliency', np.abs(s).sum(), np.abs(s).max(), l)

# gradient ascent on a filter
layer_dict = dict([(layer.name, layer) for layer in model.layers])
filter_loss = K.mean(layer_dict['conv'].output[:, :, :, 1])
g = K.gradients(filter_loss, img)[0]
g /= (K.sqrt(K.mean(K.square(g))) + 1e-5)
iterate = K.function([img], [filter_loss, g])
picture = np.full((1, 6, 6, 1), .5)
for i in range(4):
    loss_value, grads_value = iterate([picture])
    picture += grads_value * .1
    print('RESULT ascent%d' % i, loss_value)

# Grad-CAM
class_output = model.output[:, 2]
last_conv = model.get_layer('bn').output
pooled = K.mean(K.gradients(class_output, last_conv)[0], axis=(0, 1, 2))
pooled_value, conv_value = K.function([model.input], [pooled, last_conv[0]])([x[:1]])
heatmap = np.maximum((conv_value * pooled_value).mean(axis=-1), 0)
print('RESULT gradcam', *pooled_value, heatmap.sum())

weights = K.eval(layer_dict['fc'].kernel)
print('RESULT weights', weights.sum(), K.eval(K.sum(model.get_layer('bn').gamma)), K.get_value(model.layers[1].bias).sum())
print('RESULT ndim', K.ndim(model.output), *K.int_shape(last_conv)[1:])
