N, MAXLEN, VOCAB = 25, 6, 12
CONFIG = {
    'input_dim': VOCAB,
    'emb': 4,
    'units': [5, 3],
    'stateful': False,
    'batch_input_shape': (None, None),
    'lr': 0.02,
}
