"""Multi-task net: age regression, gender and ethnicity heads, with loss and sample weights"""
import numpy as np
import keras
from keras import backend as K

KW = {'activation': 'relu', 'bias_initializer': keras.initializers.Constant(0.05)}


def mae_years(y_true, y_pred):
    return K.mean(K.abs(y_pred - y_true)) * 100.


def build(n_features, hidden=(10, 6), **head_kw):
    rng = np.random.RandomState(42)
    inputs = keras.layers.Input((n_features,), name='face')
    x = inputs
    for i, n in enumerate(hidden):
        x = keras.layers.Dense(n, name='fc%d' % (i + 1), **KW)(x)
    age = keras.layers.Dense(1, name='age', **head_kw)(x)
    gender = keras.layers.Dense(1, name='gender', activation='sigmoid', **head_kw)(x)
    eth = keras.layers.Dense(3, name='ethnicity', activation='softmax', **head_kw)(x)
    model = keras.models.Model(inputs=[inputs], outputs=[age, gender, eth])
    for w in ('fc1', 'fc2', 'age', 'gender', 'ethnicity'):
        layer = model.get_layer(w)
        k, b = layer.get_weights()
        layer.set_weights([rng.uniform(-.5, .5, k.shape), b])
    return model


def load(n=22):
    rng = np.random.RandomState(6)
    x = rng.uniform(-1, 1, (n, 5))
    age = .3 + .2 * x[:, 0] ** 2
    gender = (x[:, 1] > 0).astype('float32')
    eth = keras.utils.to_categorical(rng.randint(0, 3, n), 3)
    return x, {'age': age, 'gender': gender, 'ethnicity': eth}


if __name__ == '__main__':
    x, y = load()
    model = build(x.shape[1], use_bias=True)
    model.compile(optimizer=keras.optimizers.Adam(lr=.01, beta_1=.9, beta_2=.99, epsilon=1e-6, amsgrad=True),
                  loss={'age': 'mean_squared_error', 'gender': 'binary_crossentropy', 'ethnicity': 'categorical_crossentropy'},
                  loss_weights={'age': 10., 'gender': 1., 'ethnicity': .5},
                  metrics={'age': mae_years, 'gender': 'accuracy'})
    weights = {'age': np.linspace(.5, 1.5, len(x)), 'gender': np.ones(len(x)), 'ethnicity': np.full(len(x), 2.)}
    h = model.fit({'face': x}, y, batch_size=8, epochs=3, sample_weight=weights, shuffle=False, verbose=0).history
    print('RESULT total', *h['loss'])
    for k in ('age_loss', 'gender_loss', 'ethnicity_loss', 'age_mae_years', 'gender_acc'):
        print('RESULT', k, *h[k])
    scores = model.evaluate(x, [y['age'], y['gender'], y['ethnicity']], batch_size=5, verbose=0)
    print('RESULT scores', len(scores), *scores)
    a, g, e = model.predict(x[:2])
    print('RESULT heads', *np.hstack([a, g, e]).ravel())
