"""Fine-tuning: pop the head, freeze the base, add a new head, unfreeze the last block."""
import numpy as np
from keras.models import Model, Sequential
from keras.layers import Dense, Dropout, Flatten, Conv2D, MaxPooling2D, GlobalMaxPooling2D, BatchNormalization, Activation
from keras.optimizers import SGD, Adam

rs = np.random.RandomState(19)


def base_model():
    model = Sequential(name='vggish')
    model.add(Conv2D(3, (3, 3), activation='relu', padding='same', input_shape=(8, 8, 2), name='block1_conv1'))
    model.add(MaxPooling2D((2, 2), strides=(2, 2), name='block1_pool'))
    model.add(Conv2D(4, (3, 3), padding='same', name='block2_conv1', use_bias=False))
    model.add(BatchNormalization(name='block2_bn'))
    model.add(Activation('relu'))
    model.add(GlobalMaxPooling2D(name='block2_pool'))
    model.add(Dense(6, activation='relu', name='fc1'))
    model.add(Dropout(0.5))
    model.add(Dense(5, activation='softmax', name='predictions'))
    model.set_weights([rs.uniform(.4, 1.1, w.shape) if w.ndim == 1 else rs.normal(0, .35, w.shape) for w in model.get_weights()])
    return Model(inputs=model.input, outputs=model.output, name='base')


X = rs.normal(size=(20, 8, 8, 2))
y = np.eye(2)[(X[:, :, :, 0].mean(axis=(1, 2)) > 0).astype(int)]

old = base_model()
print('RESULT old', *old.predict(X[:1])[0])

# remove the classifier
old.layers.pop()
old.layers.pop()
x = old.layers[-1].output
out = Dense(2, activation='softmax', name='new_predictions', kernel_initializer='zeros')(x)
model = Model(inputs=old.input, outputs=out)
for layer in model.layers[:-1]:
    layer.trainable = False
model.compile(optimizer=Adam(lr=0.01), loss='categorical_crossentropy', metrics=['accuracy'])
print('RESULT frozen', len(model.trainable_weights), len(model.non_trainable_weights), len(model.layers))
before = model.get_layer('fc1').get_weights()[0].sum()
h = model.fit(X, y, epochs=3, batch_size=10, verbose=0, shuffle=False)
print('RESULT head', *h.history['loss'])
print('RESULT same', model.get_layer('fc1').get_weights()[0].sum() - before)

# unfreeze from the second block on
set_trainable = False
for layer in model.layers:
    if layer.name == 'block2_conv1':
        set_trainable = True
    layer.trainable = set_trainable
model.compile(SGD(lr=0.01, momentum=0.9), 'categorical_crossentropy', ['accuracy'])
print('RESULT unfrozen', len(model.trainable_weights), sum([np.prod(w.shape.as_list()) for w in model.trainable_weights]))
h = model.fit(X, y, epochs=3, batch_size=10, verbose=0, shuffle=False)
print('RESULT tuned', *h.history['loss'])
print('RESULT bn', *model.get_layer('block2_bn').get_weights()[2])

# features of some layers
features = Model(model.input, [model.get_layer(index=2).output, model.get_layer('fc1').output, model.layers[-1].output])
maps, fc, p = features.predict(X[:3])
print('RESULT maps', maps.shape, maps.mean(), fc.sum(), *p[:, 0])
for i in (1, 3, -2):
    print('RESULT layer%d' % i, model.layers[i].name, *model.layers[i].output_shape[1:])

s = Sequential([Dense(3, input_dim=2, kernel_initializer='ones'), Dense(2, kernel_initializer='ones'), Dense(9)])
s.pop()
s.add(Dense(1, kernel_initializer='ones', name='end'))
print('RESULT popped', s.predict(np.array([[1., 2.]]))[0, 0], len(s.layers), s.output_shape[1])
