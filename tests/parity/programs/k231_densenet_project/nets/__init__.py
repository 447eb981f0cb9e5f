from .densenet import DenseNet
from . import blocks
