import keras.backend as K
import math


def charbonnier(y_true, y_pred):
    return K.mean(K.sqrt(K.square(y_true - y_pred) + K.epsilon()))


def PSNR(y_true, y_pred):
    mse = K.mean(K.square(y_pred - y_true))
    return -10. * K.log(mse) / math.log(10)
