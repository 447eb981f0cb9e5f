/* A CUDA library of which TensorFlow only wants that it can be opened. */
int fake_library(void) { return 1; }
