"""keras.applications without weights: a tiny MobileNet as feature extractor, preprocess_input of several families."""
import numpy as np
from keras.applications.mobilenet import MobileNet
from keras.applications.vgg16 import preprocess_input as caffe_style
from keras.applications.inception_v3 import preprocess_input as tf_style
from keras.applications.densenet import preprocess_input as torch_style
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model

rng = np.random.RandomState(12)
x = rng.uniform(0, 255, (2, 32, 32, 3))
for name, f in (('caffe', caffe_style), ('tf', tf_style), ('torch', torch_style)):
    out = f(x.copy())
    print('RESULT %s' % name, out.mean(), out.std(), *out[0, 0, 0])

base = MobileNet(input_shape=(32, 32, 3), alpha=0.25, include_top=False, weights=None)
new = []
for w in base.get_weights():
    new.append(rng.uniform(.5, 1, w.shape) if w.ndim == 1 else rng.normal(0, 1. / np.sqrt(np.prod(w.shape[:3])), w.shape))
base.set_weights(new)
print('RESULT mobilenet', base.count_params(), len(base.get_weights()), base.output_shape[1:])
print('RESULT conv1', base.get_layer('conv1_relu').output_shape[1:])

features = GlobalAveragePooling2D()(base.output)
predictions = Dense(3, activation='softmax', kernel_initializer='zeros')(features)
model = Model(inputs=base.input, outputs=predictions)
for layer in base.layers:
    layer.trainable = False
model.compile(optimizer='rmsprop', loss='categorical_crossentropy')
print('RESULT trainable', len(model.trainable_weights))
cut = Model(base.input, base.get_layer('conv_pw_3_relu').output)
maps = cut.predict(tf_style(x.copy()))
print('RESULT maps', maps.shape, maps.mean(), maps.std())
