"""Fine-tuning: bottleneck features of a 'pretrained' backbone with BatchNormalization, then unfreeze the last block."""
import numpy as np
from keras import backend as K
from keras import layers, models, optimizers

rng = np.random.RandomState(100)


def conv_bn(x, filters, block, **kw):
    x = layers.Conv2D(filters, (3, 3), use_bias=False, padding='same', name=block + '_conv', **kw)(x)
    x = layers.BatchNormalization(axis=-1, momentum=0.9, epsilon=1e-5, name=block + '_bn')(x)
    return layers.ReLU(6., name=block + '_relu')(x)


def backbone(input_shape):
    inp = layers.Input(shape=input_shape)
    x = conv_bn(inp, 4, 'b1', strides=(2, 2))
    x = conv_bn(x, 6, 'b2')
    base = models.Model(inp, x, name='tinynet')
    for layer in base.layers:
        w = layer.get_weights()
        if len(w) == 4:  # gamma, beta, mean, var
            layer.set_weights([rng.uniform(.5, 1.5, v.shape) for v in w])
        elif w:
            layer.set_weights([rng.normal(0, .3, v.shape) for v in w])
    return base


base = backbone((8, 8, 3))
base.trainable = False
model = models.Sequential()
model.add(base)
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dropout(0.5) if False else layers.Dropout(0.0))
model.add(layers.Dense(3, activation='softmax', name='head'))
model.get_layer('head').set_weights([rng.normal(0, .4, (6, 3)), np.zeros(3)])

x = rng.uniform(0, 1, (20, 8, 8, 3))
y = rng.randint(0, 3, 20)
model.compile(loss='sparse_categorical_crossentropy', optimizer=optimizers.SGD(lr=0.1, momentum=.9), metrics=['accuracy'])
print('RESULT trainable', len(model.trainable_weights), len(model.non_trainable_weights))
h = model.fit(x, y, epochs=3, batch_size=10, verbose=0, shuffle=False)
print('RESULT head_loss', *h.history['loss'])
print('RESULT head_acc', *h.history['accuracy'])
bn = base.get_layer('b2_bn')
print('RESULT bn_mean', *bn.get_weights()[2])

# second stage: train block 2, but leave all batch normalisation layers alone
base.trainable = True
for layer in base.layers:
    if layer.name.startswith('b1') or isinstance(layer, layers.BatchNormalization):
        layer.trainable = False
model.compile(optimizer=optimizers.RMSprop(learning_rate=1e-3), loss='sparse_categorical_crossentropy')
print('RESULT trainable', len(model.trainable_weights),
      int(np.sum([K.count_params(p) for p in model.trainable_weights])))
h = model.fit(x, y, epochs=2, batch_size=10, verbose=0, shuffle=False)
print('RESULT fine_loss', *h.history['loss'])
print('RESULT bn_after', *(bn.get_weights()[2] + bn.get_weights()[0]))
print('RESULT probs', *model.predict(x[:2]).ravel())
