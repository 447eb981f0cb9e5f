"""Matrix factorization with biases for ratings, sparse triples, embedding lookups and clipping to the rating range."""
import numpy as np
import tensorflow as tf

USERS, ITEMS, DIM = 8, 6, 3


def inference_svd(user_batch, item_batch, user_num, item_num, dim=5, device="/cpu:0"):
    rng = np.random.RandomState(dim)
    with tf.device(device):
        bias_global = tf.get_variable("bias_global", shape=[], initializer=tf.constant_initializer(3.0))
        w_bias_user = tf.get_variable("embd_bias_user", shape=[user_num], initializer=tf.zeros_initializer)
        w_bias_item = tf.get_variable("embd_bias_item", shape=[item_num], initializer=tf.zeros_initializer)
        w_user = tf.get_variable("embd_user", shape=[user_num, dim], initializer=tf.constant_initializer(rng.normal(0, .2, (user_num, dim))))
        w_item = tf.get_variable("embd_item", shape=[item_num, dim], initializer=tf.constant_initializer(rng.normal(0, .2, (item_num, dim))))
        bias_user = tf.nn.embedding_lookup(w_bias_user, user_batch, name="bias_user")
        bias_item = tf.nn.embedding_lookup(w_bias_item, item_batch, name="bias_item")
        embd_user = tf.nn.embedding_lookup(w_user, user_batch, name="embedding_user")
        embd_item = tf.nn.embedding_lookup(w_item, item_batch, name="embedding_item")
        infer = tf.reduce_sum(tf.multiply(embd_user, embd_item), 1)
        infer = tf.add(tf.add(tf.add(infer, bias_global), bias_user), bias_item, name="svd_inference")
        regularizer = tf.add(tf.nn.l2_loss(embd_user), tf.nn.l2_loss(embd_item), name="svd_regularizer")
    return infer, regularizer


def optimization(infer, regularizer, rate_batch, learning_rate, reg):
    global_step = tf.train.get_or_create_global_step()
    cost_l2 = tf.nn.l2_loss(tf.subtract(infer, rate_batch))
    cost = tf.add(cost_l2, tf.multiply(regularizer, tf.constant(reg, dtype=tf.float32, shape=[], name="l2")))
    return cost, tf.train.AdamOptimizer(learning_rate).minimize(cost, global_step=global_step)


rng = np.random.RandomState(22)
users, items = rng.randint(0, USERS, 40), rng.randint(0, ITEMS, 40)
rates = np.clip(np.round(2.5 + users % 3 + items % 2 - 1 + rng.rand(40)), 1, 5)

user_batch = tf.placeholder(tf.int32, shape=[None], name="id_user")
item_batch = tf.placeholder(tf.int32, shape=[None], name="id_item")
rate_batch = tf.placeholder(tf.float32, shape=[None])
infer, regularizer = inference_svd(user_batch, item_batch, USERS, ITEMS, DIM)
cost, train_op = optimization(infer, regularizer, rate_batch, learning_rate=0.05, reg=0.05)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    errors = []
    for i in range(12):
        sl = slice(10 * (i % 4), 10 * (i % 4) + 10)
        feed = {user_batch: users[sl], item_batch: items[sl], rate_batch: rates[sl]}
        pred = np.clip(sess.run(infer, feed), 1.0, 5.0)
        sess.run(train_op, feed)
        errors.append(np.mean((pred - rates[sl]) ** 2))
        if i % 4 == 3:
            print("RESULT rmse", i // 4, np.sqrt(np.mean(errors[-4:])))
    print("RESULT cost", sess.run(cost, {user_batch: users, item_batch: items, rate_batch: rates}))
    print("RESULT predictions", *sess.run(infer, {user_batch: [0, 1, 2], item_batch: [3, 3, 3]}))
    print("RESULT bias", *sess.run(tf.get_default_graph().get_tensor_by_name("bias_user:0"), {user_batch: [0, 1, 2]}))
