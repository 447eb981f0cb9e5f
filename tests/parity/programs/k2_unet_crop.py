"""U-Net with valid convolutions: the contracting maps are cropped to fit; dice metric on flattened maps."""
import numpy as np
from keras.models import *
from keras.layers import *
from keras.optimizers import *
from keras import backend as K
from keras.callbacks import LearningRateScheduler

K.set_image_data_format('channels_last')  # TF dimension ordering in this code
SMOOTH = 1.


def dice_coef(y_true, y_pred):
    y_true_f = K.flatten(y_true)
    y_pred_f = K.flatten(y_pred)
    intersection = K.sum(y_true_f * y_pred_f)
    return (2. * intersection + SMOOTH) / (K.sum(y_true_f) + K.sum(y_pred_f) + SMOOTH)


def dice_coef_loss(y_true, y_pred):
    return -dice_coef(y_true, y_pred)


class UnetCrop(object):
    def __init__(self, img_rows=24, img_cols=20):
        self.img_rows = img_rows
        self.img_cols = img_cols

    def get_crop_shape(self, target, refer):
        cw = K.int_shape(target)[2] - K.int_shape(refer)[2]
        assert (cw >= 0)
        cw1, cw2 = int(cw / 2), int(cw / 2) + cw % 2
        ch = target.get_shape().as_list()[1] - refer.get_shape().as_list()[1]
        assert (ch >= 0)
        ch1, ch2 = (int(ch / 2), int(ch / 2)) if ch % 2 == 0 else (int(ch / 2), int(ch / 2) + 1)
        return (ch1, ch2), (cw1, cw2)

    def get_unet(self):
        inputs = Input((self.img_rows, self.img_cols, 1))
        conv1 = Conv2D(3, (3, 3), activation='relu', padding='valid', name='conv1_1')(inputs)
        conv1 = Conv2D(3, (3, 3), activation='relu', padding='valid')(conv1)
        pool1 = MaxPooling2D(pool_size=(2, 2), data_format='channels_last')(conv1)
        conv2 = Conv2D(4, (3, 3), activation='relu', padding='valid')(pool1)
        conv2 = Conv2D(4, (3, 3), activation='relu', padding='same')(conv2)

        up_conv2 = UpSampling2D(size=(2, 2))(conv2)
        ch, cw = self.get_crop_shape(conv1, up_conv2)
        crop_conv1 = Cropping2D(cropping=(ch, cw))(conv1)
        up3 = concatenate([up_conv2, crop_conv1], axis=3)
        conv3 = Conv2D(3, (3, 3), activation='relu', padding='same')(up3)
        ch, cw = self.get_crop_shape(inputs, conv3)
        conv3 = ZeroPadding2D(padding=((ch[0], ch[1]), (cw[0], cw[1])))(conv3)
        conv4 = Conv2D(1, (1, 1), activation='sigmoid')(conv3)
        model = Model(inputs=[inputs], outputs=[conv4])
        rng = np.random.RandomState(7)
        model.set_weights([rng.normal(0.02, 0.25, w.shape) for w in model.get_weights()])
        model.compile(optimizer=Adam(lr=1e-3), loss=dice_coef_loss, metrics=[dice_coef])
        return model

    def train(self):
        rng = np.random.RandomState(8)
        imgs = rng.rand(12, self.img_rows, self.img_cols, 1).astype('float32')
        masks = (imgs > 0.6).astype('float32')
        model = self.get_unet()
        schedule = LearningRateScheduler(lambda epoch: 1e-2 * 0.5 ** epoch)
        h = model.fit(imgs, masks, batch_size=4, nb_epoch=3, verbose=0, validation_split=0.25, shuffle=False,
                      callbacks=[schedule])
        for k in ['loss', 'dice_coef', 'val_loss', 'val_dice_coef']:
            print('RESULT', k, *h.history[k])
        p = model.predict(imgs[:1], batch_size=1, verbose=0)
        print('RESULT pred', p.mean(), p.std(), p[0, 12, 10, 0])
        print('RESULT shapes', *[str(l.output_shape) for l in model.layers[:5]])


if __name__ == '__main__':
    UnetCrop().train()
