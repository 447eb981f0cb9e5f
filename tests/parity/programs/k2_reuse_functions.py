"""Image matching: shared trunks, layers with several nodes, intermediate K.functions with learning phase, noise when testing."""
import numpy as np
from keras import applications, backend as K, layers, utils
from keras.applications.vgg16 import VGG16, preprocess_input, decode_predictions
from keras.applications.resnet50 import ResNet50
from keras.layers import (Input, Dense, Dropout, GaussianNoise, GaussianDropout, AlphaDropout, SpatialDropout2D, BatchNormalization,
                          ActivityRegularization, GlobalAveragePooling2D, Subtract, Lambda, Conv2D, Flatten, ELU, ThresholdedReLU, Softmax)
from keras.models import Model
from keras.utils import plot_model, layer_utils
from keras.utils.generic_utils import get_custom_objects, Progbar, CustomObjectScope


def fill(model, scale=.05):
    r = np.random.RandomState(9)
    model.set_weights([np.abs(r.normal(0, scale, w.shape)) + .01 if w.ndim == 1 else r.normal(0, scale, w.shape) for w in model.get_weights()])


vgg = VGG16(weights=None, include_top=False, input_shape=(32, 32, 3))
fill(vgg)
print('RESULT vgg', len(vgg.layers), vgg.count_params(), vgg.layers[-1].output_shape[1:])
X = preprocess_input(np.random.RandomState(0).randint(0, 256, (2, 32, 32, 3)).astype('float32'))
mid = Model(vgg.input, vgg.get_layer('block2_pool').output).predict(X)
print('RESULT block2', mid.shape, mid.mean(), mid.std())
print('RESULT preprocessed', *X[0, 0, 0])

trunk_in = Input((8, 8, 2))
t = GaussianNoise(.3)(trunk_in)
t = Conv2D(3, 3, name='trunk_conv')(t)
t = SpatialDropout2D(.5)(t)
t = ELU(alpha=.7)(t)
t = ActivityRegularization(l1=1e-4, l2=1e-4)(t)
t = GlobalAveragePooling2D()(t)
t = AlphaDropout(.2)(Dense(4, activation='selu', name='trunk_dense')(t))
trunk = Model(trunk_in, ThresholdedReLU(theta=.01)(t), name='trunk')
left, right = Input((8, 8, 2), name='left'), Input((8, 8, 2), name='right')
diff = Subtract()([trunk(left), trunk(right)])
diff = GaussianDropout(.4)(Lambda(lambda d: K.abs(d))(diff))
verdict = Softmax()(Dense(2, name='verdict')(diff))
match = Model([left, right], verdict)
fill(match, .4)
L, R = np.random.RandomState(1).rand(2, 4, 8, 8, 2)
print('RESULT match', *match.predict([L, R]).ravel())
print('RESULT nodes', len(trunk._inbound_nodes), trunk.get_output_shape_at(1), len(match.inputs), match.get_layer('trunk').name)
f = K.function([left, right, K.learning_phase()], [match.get_layer('verdict').output, match.layers[-1].output])
a, b = f([L, R, 0])
print('RESULT logits', *a.ravel())
print('RESULT same', np.allclose(b, match.predict([L, R])))
match.compile('sgd', 'categorical_crossentropy', metrics=['acc'])
print('RESULT eval', *match.evaluate([L, R], np.eye(2)[[0, 1, 0, 1]], verbose=0))
inner = trunk.get_layer('trunk_conv').output
print('RESULT inner', *K.function(trunk.inputs + [K.learning_phase()], [inner])([L, 0])[0][0, 0, 0])
print('RESULT regularizers', len(trunk.losses), K.int_shape(inner)[1:])
scores = np.zeros((1, 1000))
scores[0, [3, 7]] = .6, .4
print('RESULT counts', layer_utils.count_params(match.trainable_weights) if hasattr(layer_utils, 'count_params') else match.count_params())
bar = Progbar(target=3, verbose=0)
bar.update(1, [('loss', 2.)])
with CustomObjectScope({'double': lambda x: x * 2}):
    d = Model(left, layers.Activation('double')(left))
print('RESULT double', *d.predict(L)[0, 0, 0])
get_custom_objects().update({'triple': lambda x: x * 3})
print('RESULT triple', *Model(left, layers.Activation('triple')(left)).predict(L)[0, 0, 0])
