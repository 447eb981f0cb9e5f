# mypy: ignore-errors
"""`slim.model_analyzer`: how many numbers and bytes the variables of a model hold."""


def analyze_vars(variables, print_info=False):
    """`slim.model_analyzer.analyze_vars`: sizes in all, in elements and in bytes."""
    total_size = total_bytes = 0
    if print_info:
        print("---------")
        print("Variables: name (type shape) [size]")
        print("---------")
    for variable in variables:
        size = variable.shape.num_elements() or 0
        number = size * variable.dtype.base_dtype.size
        total_size, total_bytes = total_size + size, total_bytes + number
        if print_info:
            shape = "x".join(map(str, variable.shape.as_list()))
            print(f"{variable.name} ({variable.dtype.name} {shape}) [{size}, bytes: {number}]")
    if print_info:
        print(f"Total size of variables: {total_size}")
        print(f"Total bytes of variables: {total_bytes}")
    return total_size, total_bytes
