"""ESPCN-like super resolution with a pixel-shuffle layer; `python main.py --scale 2`"""
import argparse
import numpy as np
from keras.optimizers import RMSprop
from sr.models import build
from sr import metrics


def degrade(hr, scale):
    n, h, w, c = hr.shape
    return hr.reshape((n, h // scale, scale, w // scale, scale, c)).mean(axis=(2, 4))


def main(args):
    rs = np.random.RandomState(args.seed)
    grid = np.linspace(0, 1, args.patch)
    hr = np.stack([np.outer(np.sin(3 * f * grid) ** 2, grid) for f in rs.uniform(.5, 2, args.n)])[..., np.newaxis]
    lr = degrade(hr, args.scale)
    net = build(scale=args.scale, channels=1, filters=args.filters, rs=rs)
    net.compile(optimizer=RMSprop(learning_rate=args.learning_rate, rho=0.95), loss=metrics.charbonnier,
                metrics=[metrics.PSNR, 'mae'])
    hist = net.fit(lr, hr, batch_size=4, epochs=args.nb_epochs, verbose=0, shuffle=False)
    for key in sorted(hist.history):
        print('RESULT', key, *hist.history[key])
    sr = net.predict(lr[:1])
    print('RESULT shape', *sr.shape)
    print('RESULT patch', *sr[0, 2:4, 2:6, 0].ravel())


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description='super resolution')
    parser.add_argument('--scale', default=2, type=int)
    parser.add_argument('--patch', default=12, type=int)
    parser.add_argument('--filters', default=6, type=int)
    parser.add_argument('-n', default=10, type=int)
    parser.add_argument('--nb_epochs', default=3, type=int)
    parser.add_argument('--learning_rate', default=0.004, type=float)
    parser.add_argument('--seed', default=5, type=int)
    main(parser.parse_args())
