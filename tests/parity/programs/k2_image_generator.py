"""ImageDataGenerator with rescaling and featurewise statistics (no random transforms)."""
import os
import tempfile
import numpy as np
from keras.preprocessing.image import ImageDataGenerator, array_to_img, img_to_array, load_img
from keras.models import Sequential
from keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Dropout, GlobalAveragePooling2D
from keras import optimizers

rng = np.random.RandomState(2)
x = rng.randint(0, 256, size=(30, 10, 10, 3)).astype('float32')
y = (np.arange(30) % 2)
x[y == 1] *= .6

model = Sequential([
    Conv2D(4, (3, 3), input_shape=(10, 10, 3), activation='relu'),
    MaxPooling2D(2),
    Conv2D(4, 3, padding='same', activation='relu'),
    GlobalAveragePooling2D(),
    Dropout(0.),
    Dense(1, activation='sigmoid')])
model.set_weights([rng.normal(0, .4, w.shape) for w in model.get_weights()])
start = model.get_weights()

# 1. rescale
model.compile(loss='binary_crossentropy', optimizer=optimizers.RMSprop(lr=1e-2), metrics=['acc'])
train_datagen = ImageDataGenerator(rescale=1. / 255)
test_datagen = ImageDataGenerator(rescale=1. / 255)
train_generator = train_datagen.flow(x[:20], y[:20], batch_size=10, shuffle=False)
validation_generator = test_datagen.flow(x[20:], y[20:], batch_size=5, shuffle=False)
history = model.fit_generator(train_generator, steps_per_epoch=len(train_generator), epochs=3, verbose=0,
                              validation_data=validation_generator, validation_steps=2, workers=1, shuffle=False)
print('RESULT loss', *history.history['loss'])
print('RESULT val', *(history.history['val_loss'] + history.history['val_acc']))
print('RESULT predict', *model.predict_generator(test_datagen.flow(x[20:], batch_size=5, shuffle=False), 2).ravel()[:4])

# 2. featurewise
model.set_weights(start)
datagen = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True, validation_split=0.2)
datagen.fit(x[:20])
print('RESULT stats', *datagen.mean.ravel(), *datagen.std.ravel())
train = datagen.flow(x, y, batch_size=8, subset='training', shuffle=False)
losses = []
for batches, (bx, by) in enumerate(train):
    if batches >= 3:
        break
    losses.append(float(model.train_on_batch(bx, by)[0]))
print('RESULT batches', *losses)

# 3. from a directory, and a preprocessing function
folder = tempfile.mkdtemp()
for i in range(8):
    d = os.path.join(folder, 'cats' if i % 2 else 'dogs')
    if not os.path.isdir(d):
        os.makedirs(d)
    array_to_img(x[i], scale=False).save(os.path.join(d, '%d.png' % i))
gen = ImageDataGenerator(preprocessing_function=lambda im: im / 127.5 - 1)
flow = gen.flow_from_directory(folder, target_size=(10, 10), class_mode='binary', batch_size=4, shuffle=False)
print('RESULT classes', *flow.class_indices.values(), flow.samples, *flow.classes)
print('RESULT directory', *model.evaluate_generator(flow, steps=2))
img = img_to_array(load_img(os.path.join(folder, 'dogs', '0.png'), target_size=(10, 10)))
print('RESULT image', img.shape, img.sum())
