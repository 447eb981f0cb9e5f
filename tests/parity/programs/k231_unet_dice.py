"""Small U-Net with dice loss and IoU metric, trained by ImageDataGenerator.flow"""
import numpy as np
from keras import backend as K
from keras.models import Model
from keras.layers import Input, Conv2D, MaxPooling2D, UpSampling2D, Conv2DTranspose, BatchNormalization
from keras.layers.merge import concatenate
from keras.optimizers import SGD
from keras.preprocessing.image import ImageDataGenerator

smooth = 1.
IMG = 16


def dice_coef(y_true, y_pred):
    y_true_f = K.flatten(y_true)
    y_pred_f = K.flatten(y_pred)
    intersection = K.sum(y_true_f * y_pred_f)
    return (2. * intersection + smooth) / (K.sum(y_true_f) + K.sum(y_pred_f) + smooth)


def dice_coef_loss(y_true, y_pred):
    return 1 - dice_coef(y_true, y_pred)


def iou(y_true, y_pred):
    p = K.cast(K.greater(y_pred, 0.5), 'float32')
    inter = K.sum(K.abs(y_true * p), axis=[1, 2, 3])
    union = K.sum(y_true, [1, 2, 3]) + K.sum(p, [1, 2, 3]) - inter
    return K.mean((inter + 1e-3) / (union + 1e-3), axis=0)


def get_unet(n=3, batchnorm=True):
    def block(t, filters):
        t = Conv2D(filters, (3, 3), activation='relu', padding='same')(t)
        if batchnorm:
            t = BatchNormalization(momentum=.8)(t)
        return t
    inputs = Input((IMG, IMG, 1))
    c1 = block(inputs, n)
    p1 = MaxPooling2D((2, 2))(c1)
    c2 = block(p1, 2 * n)
    p2 = MaxPooling2D(pool_size=(2, 2))(c2)
    c3 = block(p2, 4 * n)
    u4 = concatenate([Conv2DTranspose(2 * n, (2, 2), strides=(2, 2), padding='same')(c3), c2], axis=3)
    c4 = block(u4, 2 * n)
    u5 = concatenate([UpSampling2D(size=(2, 2))(c4), c1], axis=-1)
    out = Conv2D(1, (1, 1), activation='sigmoid')(block(u5, n))
    model = Model(inputs=[inputs], outputs=[out])
    rs = np.random.RandomState(64)
    for layer in model.layers:
        if 'conv' in layer.name:
            layer.set_weights([rs.normal(0, .2, w.shape) for w in layer.get_weights()])
    model.compile(optimizer=SGD(lr=.2, momentum=.8, nesterov=True), loss=dice_coef_loss, metrics=[dice_coef, iou])
    return model


yy, xx = np.mgrid[:IMG, :IMG]
masks = np.stack([((yy - 5 - i % 6) ** 2 + (xx - 4 - i % 8) ** 2 < 9 + i) * 1. for i in range(12)])[..., None]
imgs = masks * .7 + .2 * np.random.RandomState(1).uniform(size=masks.shape)

model = get_unet()
gen = ImageDataGenerator(rescale=1.)
flow = gen.flow(imgs, masks, batch_size=5, shuffle=False)
hist = model.fit_generator(flow, steps_per_epoch=len(flow), epochs=3, verbose=0, shuffle=False, validation_data=(imgs[:3], masks[:3]))
for k in ['loss', 'val_loss', 'val_iou']:
    print('RESULT', k, *hist.history[k])
print('RESULT eval', *model.evaluate(imgs, masks, batch_size=12, verbose=0))
print('RESULT pred', model.predict(imgs).sum(), int((model.predict(imgs) > .5).sum()))
