"""Custom tf.keras layers of TF 1: add_variable in build, Dimension values, regularizers of contrib."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()


class MyDense(tf.keras.layers.Layer):
    def __init__(self, num_outputs, **kwargs):
        super(MyDense, self).__init__(**kwargs)
        self.num_outputs = num_outputs

    def build(self, input_shape):
        self.kernel = self.add_variable("kernel", shape=[input_shape[-1].value, self.num_outputs],
                                        initializer=tf.constant_initializer(0.25), regularizer=tf.contrib.layers.l2_regularizer(0.1))
        self.bias = self.add_variable("bias", shape=[self.num_outputs], initializer=tf.zeros_initializer())
        super(MyDense, self).build(input_shape)

    def call(self, input):
        return tf.matmul(input, self.kernel) + self.bias

    def compute_output_shape(self, input_shape):
        shape = tf.TensorShape(input_shape).as_list()
        shape[-1] = self.num_outputs
        return tf.TensorShape(shape)


class Highway(tf.keras.layers.Layer):
    def build(self, input_shape):
        dim = int(input_shape[-1])
        self.gate = self.add_weight('gate', [dim, dim], initializer='identity', trainable=True)
        self.built = True

    def call(self, x):
        t = tf.sigmoid(tf.matmul(x, self.gate) - 1.0)
        return t * tf.nn.relu(x) + (1.0 - t) * x


layer = MyDense(3, name='mine')
x = tf.constant(np.linspace(-1, 1, 8).reshape(4, 2), tf.float32)
print('RESULT zeros', *layer(tf.zeros([1, 2])).numpy().ravel(), len(layer.variables))
print('RESULT output', *layer(x).numpy().ravel())
print('RESULT regularization', *[float(l) for l in layer.losses])
print('RESULT shape', *layer.compute_output_shape(tf.TensorShape([4, 2])).as_list())

model = tf.keras.Sequential([MyDense(3), Highway(), tf.keras.layers.Lambda(lambda t: tf.reduce_sum(t, 1, keepdims=True))])
optimizer = tf.train.AdadeltaOptimizer(learning_rate=1.0)
for i in range(3):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x) - 1.0)) + sum(model.losses)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    print('RESULT loss', i, loss.numpy(), len(grads))
print('RESULT kernel', *model.layers[0].kernel.numpy().ravel())
