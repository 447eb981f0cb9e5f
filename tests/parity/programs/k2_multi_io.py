"""Two inputs, three outputs, everything through dictionaries."""
import numpy as np
import keras
from keras import layers, models, regularizers
from keras.layers import Input, Dense, concatenate
from keras.utils.np_utils import to_categorical

CONFIG = {
    'hidden': 10,
    'optimizer': {'lr': 0.05, 'decay': 1e-2, 'momentum': 0.8},
    'fit': {'epochs': 3, 'batch_size': 12, 'verbose': 0, 'shuffle': False},
    'loss': {'age': 'mse', 'income': 'categorical_crossentropy', 'gender': 'binary_crossentropy'},
    'loss_weights': {'age': 0.25, 'income': 1., 'gender': 2.},
    'metrics': {'age': 'mae', 'income': ['accuracy'], 'gender': 'accuracy'},
}


def build(cfg):
    posts = Input(shape=(8,), dtype='float32', name='posts')
    meta = Input(shape=(3,), name='meta')
    x = layers.Dense(cfg['hidden'], activation='relu', kernel_regularizer=regularizers.l2(0.001))(posts)
    x = layers.concatenate([x, meta])
    x = layers.Dense(cfg['hidden'] // 2, activation='tanh', bias_regularizer=regularizers.l1(0.01))(x)
    age = layers.Dense(1, name='age')(x)
    income = layers.Dense(4, activation='softmax', name='income')(x)
    gender = layers.Dense(1, activation='sigmoid', name='gender')(x)
    model = models.Model([posts, meta], [age, income, gender])
    model.compile(optimizer=keras.optimizers.SGD(**cfg['optimizer']),
                  **{k: cfg[k] for k in ('loss', 'loss_weights', 'metrics')})
    return model


r = np.random.RandomState(64)
posts, meta = r.normal(size=(36, 8)), r.uniform(size=(36, 3))
targets = {'age': posts[:, 0] + meta[:, 1],
           'income': to_categorical(np.arange(36) % 4, num_classes=4),
           'gender': (posts[:, 1] > 0).astype('float32')}

model = build(CONFIG)
model.set_weights([r.uniform(-.5, .5, w.shape) for w in model.get_weights()])
history = model.fit({'posts': posts, 'meta': meta}, targets,
                    validation_data=([posts[:6], meta[:6]], [targets[n][:6] for n in model.output_names]), **CONFIG['fit'])
for key in ('loss', 'age_loss', 'income_loss', 'gender_loss', 'val_loss', 'income_acc', 'gender_acc',
            'age_mean_absolute_error', 'val_gender_acc'):
    print('RESULT %s' % key, *history.history[key])
scores = dict(zip(model.metrics_names, model.evaluate([posts, meta], [targets['age'], targets['income'], targets['gender']],
                                                      batch_size=36, verbose=0)))
print('RESULT scores', scores['loss'], scores['age_loss'], scores['income_acc'], scores['gender_acc'])
w = {'age': np.linspace(0, 2, 36), 'income': np.ones(36), 'gender': np.ones(36)}
h = model.fit({'posts': posts, 'meta': meta}, targets, sample_weight=w, **dict(CONFIG['fit'], epochs=1))
print('RESULT weighted', h.history['loss'][0], h.history['age_loss'][0])
for name, p in zip(model.output_names, model.predict([posts[:2], meta[:2]])):
    print('RESULT out_' + name, *p.ravel())
