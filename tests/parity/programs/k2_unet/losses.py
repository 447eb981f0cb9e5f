from keras import backend as K
from keras.losses import binary_crossentropy

smooth = 1.


def dice_coef(y_true, y_pred):
    y_true_f = K.flatten(y_true)
    y_pred_f = K.flatten(y_pred)
    intersection = K.sum(y_true_f * y_pred_f)
    return (2. * intersection + smooth) / (K.sum(y_true_f) + K.sum(y_pred_f) + smooth)


def bce_dice_loss(y_true, y_pred):
    return binary_crossentropy(y_true, y_pred) + 1 - dice_coef(y_true, y_pred)


def focal_loss(gamma=2., alpha=.25):
    def focal_loss_fixed(y_true, y_pred):
        y_pred = K.clip(y_pred, K.epsilon(), 1. - K.epsilon())
        pt = y_true * y_pred + (1 - y_true) * (1 - y_pred)
        w = alpha * y_true + (1 - alpha) * (1 - y_true)
        return -K.sum(w * K.pow(1. - pt, gamma) * K.log(pt), axis=[1, 2, 3])
    return focal_loss_fixed
