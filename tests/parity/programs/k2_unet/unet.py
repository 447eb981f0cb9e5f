from keras.models import Model
from keras.layers import Input, concatenate, Conv2D, MaxPooling2D, Conv2DTranspose, UpSampling2D, BatchNormalization
from keras.optimizers import Adam
from losses import dice_coef


def get_unet(size, loss, lr=1e-2, filters=(2, 4)):
    inputs = Input((size, size, 1))
    conv1 = Conv2D(filters[0], (3, 3), activation='relu', padding='same')(inputs)
    conv1 = Conv2D(filters[0], 3, strides=1, padding='same', activation='relu')(conv1)
    pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)

    conv2 = Conv2D(filters[1], (3, 3), activation='relu', padding='same', dilation_rate=2)(pool1)
    conv2 = BatchNormalization(axis=3)(conv2)
    pool2 = MaxPooling2D((2, 2))(conv2)

    conv3 = Conv2D(filters[1], (3, 3), activation='relu', padding='same')(pool2)
    up4 = concatenate([Conv2DTranspose(filters[1], (2, 2), strides=(2, 2), padding='same')(conv3), conv2], axis=3)
    conv4 = Conv2D(filters[0], (3, 3), activation='relu', padding='same')(up4)
    up5 = concatenate([UpSampling2D(size=(2, 2))(conv4), conv1], axis=-1)
    conv5 = Conv2D(1, (1, 1), activation='sigmoid')(up5)

    model = Model(inputs=[inputs], outputs=[conv5])
    model.compile(optimizer=Adam(lr=lr), loss=loss, metrics=[dice_coef])
    return model
