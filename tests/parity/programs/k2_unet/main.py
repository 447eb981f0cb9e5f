"""U-Net with dice / focal losses on circles."""
import numpy as np
import losses
from unet import get_unet


def circles(n, size, rng):
    yy, xx = np.mgrid[:size, :size]
    masks = []
    for _ in range(n):
        cy, cx = rng.uniform(3, size - 3, 2)
        masks.append((yy - cy) ** 2 + (xx - cx) ** 2 < 7)
    masks = np.array(masks, dtype='float32')[..., np.newaxis]
    return masks + rng.normal(0, .3, masks.shape), masks


def train():
    rng = np.random.RandomState(3)
    imgs, masks = circles(12, 8, rng)
    # normalise like the challenge winners
    mean, std = np.mean(imgs), np.std(imgs)
    imgs -= mean
    imgs /= std
    for name, loss in [('bce_dice', losses.bce_dice_loss), ('focal', losses.focal_loss(alpha=.5))]:
        model = get_unet(8, loss)
        w = np.random.RandomState(1)
        model.set_weights([np.abs(w.normal(1, .2, x.shape)) if x.ndim == 1 else w.normal(0, .3, x.shape)
                           for x in model.get_weights()])
        h = model.fit(imgs, masks, batch_size=4, epochs=3, verbose=0, shuffle=False, validation_split=1 / 3.)
        print('RESULT %s' % name, *h.history['loss'])
        print('RESULT %s_dice' % name, *h.history['dice_coef'])
        print('RESULT %s_val' % name, *(h.history['val_loss'] + h.history['val_dice_coef']))
    out = model.predict(imgs[:4], verbose=0)
    print('RESULT mask', out.shape, out.mean(), (out > .5).sum())
    print('RESULT layers', len(model.layers), model.layers[-2].output_shape[1:], model.count_params())


if __name__ == '__main__':
    train()
