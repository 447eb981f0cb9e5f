"""Detection head: L2Normalization with a learned scale, default boxes as a layer, multibox loss, decoding in numpy."""
import numpy as np
import keras.backend as K
from keras.engine import InputSpec, Layer
from keras.layers import Activation, Concatenate, Conv2D, Input, Reshape, ZeroPadding2D
from keras.models import Model
from keras.optimizers import Adam
from keras.regularizers import l2
import tensorflow as tf


class L2Normalization(Layer):
    def __init__(self, gamma_init=20, **kwargs):
        self.axis = 3 if K.image_data_format() == 'channels_last' else 1
        self.gamma_init = gamma_init
        super(L2Normalization, self).__init__(**kwargs)

    def build(self, input_shape):
        self.input_spec = [InputSpec(shape=input_shape)]
        gamma = self.gamma_init * np.ones((input_shape[self.axis],))
        self.gamma = K.variable(gamma, name='{}_gamma'.format(self.name))
        self.trainable_weights = [self.gamma]
        super(L2Normalization, self).build(input_shape)

    def call(self, x, mask=None):
        output = K.l2_normalize(x, self.axis)
        return output * self.gamma


class AnchorBoxes(Layer):
    def __init__(self, scale, ratios=(1., 2.), variances=[0.1, 0.1, 0.2, 0.2], **kwargs):
        self.scale, self.ratios, self.variances = scale, list(ratios), np.array(variances)
        super(AnchorBoxes, self).__init__(**kwargs)

    def build(self, input_shape):
        self.input_spec = [InputSpec(shape=input_shape)]
        super(AnchorBoxes, self).build(input_shape)

    def call(self, x, mask=None):
        h, w = x._keras_shape[1], x._keras_shape[2]
        cx = (np.arange(w) + 0.5) / w
        cy = (np.arange(h) + 0.5) / h
        gx, gy = np.meshgrid(cx, cy)
        boxes = np.zeros((h, w, len(self.ratios), 4))
        for i, r in enumerate(self.ratios):
            boxes[:, :, i, 0], boxes[:, :, i, 1] = gx, gy
            boxes[:, :, i, 2], boxes[:, :, i, 3] = self.scale * np.sqrt(r), self.scale / np.sqrt(r)
        var = np.zeros_like(boxes) + self.variances
        tensor = np.expand_dims(np.concatenate((boxes, var), axis=-1), axis=0)
        return K.tile(K.constant(tensor, dtype='float32'), (K.shape(x)[0], 1, 1, 1, 1))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[1], input_shape[2], len(self.ratios), 8)


class MultiboxLoss:
    def __init__(self, alpha=1.0):
        self.alpha = tf.constant(alpha)

    def smooth_L1_loss(self, y_true, y_pred):
        absolute_loss = tf.abs(y_true - y_pred)
        square_loss = 0.5 * (y_true - y_pred) ** 2
        l1_loss = tf.where(tf.less(absolute_loss, 1.0), square_loss, absolute_loss - 0.5)
        return tf.reduce_sum(l1_loss, axis=-1)

    def log_loss(self, y_true, y_pred):
        y_pred = tf.maximum(y_pred, 1e-15)
        return -tf.reduce_sum(y_true * tf.log(y_pred), axis=-1)

    def compute_loss(self, y_true, y_pred):
        batch_size = tf.shape(y_pred)[0]
        cls = tf.to_float(self.log_loss(y_true[:, :, :3], y_pred[:, :, :3]))
        loc = tf.to_float(self.smooth_L1_loss(y_true[:, :, 3:7], y_pred[:, :, 3:7]))
        positives = tf.to_float(tf.reduce_max(y_true[:, :, 1:3], axis=-1))
        n_positive = tf.reduce_sum(positives)
        total = (tf.reduce_sum(cls, axis=-1) + self.alpha * tf.reduce_sum(loc * positives, axis=-1)) / tf.maximum(1.0, n_positive)
        return total * tf.to_float(batch_size)


def build(n_classes=3, n_boxes=2, l2_reg=0.0005):
    x = Input(shape=(8, 8, 3))
    c1 = Conv2D(6, (3, 3), activation='relu', padding='same', kernel_regularizer=l2(l2_reg), name='conv1')(x)
    c2 = Conv2D(6, (3, 3), strides=(2, 2), activation='relu', padding='valid', kernel_regularizer=l2(l2_reg))(ZeroPadding2D()(c1))
    norm = L2Normalization(gamma_init=10, name='conv2_norm')(c2)
    conf = Conv2D(n_boxes * n_classes, 3, padding='same', kernel_regularizer=l2(l2_reg), name='conf')(norm)
    loc = Conv2D(n_boxes * 4, 3, padding='same', kernel_regularizer=l2(l2_reg), name='loc')(norm)
    anchors = AnchorBoxes(0.3, name='anchors')(loc)
    conf = Activation('softmax', name='conf_softmax')(Reshape((-1, n_classes))(conf))
    loc = Reshape((-1, 4))(loc)
    anchors = Reshape((-1, 8))(anchors)
    return Model(x, Concatenate(axis=2, name='predictions')([conf, loc, anchors]))


model = build()
rng = np.random.RandomState(12)
for layer in model.layers:
    if layer.__class__.__name__ == 'Conv2D':
        layer.set_weights([rng.normal(0, 0.1, w.shape) for w in layer.get_weights()])
model.compile(optimizer=Adam(lr=0.003, beta_1=0.9, beta_2=0.999, epsilon=1e-08, decay=5e-04), loss=MultiboxLoss(0.5).compute_loss)
X = rng.rand(6, 8, 8, 3)
Y = np.zeros((6, 32, 15))
Y[..., 0] = 1
Y[:, 5, :3], Y[:, 20, :3] = [0, 1, 0], [0, 0, 1]
Y[:, :, 3:7] = rng.normal(0, 1, (6, 32, 4))
h = model.fit(X, Y, batch_size=3, epochs=3, shuffle=False, verbose=0)
print('RESULT loss', *h.history['loss'])
p = model.predict(X)
print('RESULT shape', *p.shape)
print('RESULT pred', *p[0, 5])
print('RESULT gamma', *model.get_layer('conv2_norm').get_weights()[0])
loc = p[0, :, 3:7] * p[0, :, 11:]
cxcy = loc[:, :2] * p[0, :, 9:11] + p[0, :, 7:9]
print('RESULT centre', *cxcy[17], p[0, :, 1].argmax())
