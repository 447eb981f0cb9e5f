"""`explain`: the page of a rule, made from nothing but the rule."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

from tfkdoctor.model import Safety
from tfkdoctor.report.explain import derived_safety, rule_page
from tfkdoctor.report.style import Style
from tfkdoctor.rulebook import Example, Rule

RULE = Rule(
    code="TFK210",
    name="merge-function",
    summary="`merge(inputs, mode=…)` became one layer per mode",
    why="Deprecated in Keras 2.0 (March 2017), which kept it as a legacy interface; absent from every tf.keras.",
    safety=Safety.SAFE,
    severity=None,
    help="",
    rows=(),
    examples=(
        Example(
            before="from keras.layers import merge\n\nx = merge([a, b], mode='concat')\n",
            after="from tensorflow.keras.layers import concatenate\n\nx = concatenate([a, b])\n",
            origin="keras==1.2.2",
            run=True,
        ),
        Example(before="x = merge(y, mode=m)\n", expect="finding", target="tensorflow>=2.16"),
        Example(before="from mine import merge\n", expect="nothing"),
    ),
    file="rules/keras.toml",
    line=1,
)


def test_the_page_of_a_rule() -> None:
    assert "\n".join(rule_page(RULE, Style(width=80))) + "\n" == dedent("""\
        TFK210 merge-function
        `merge(inputs, mode=…)` became one layer per mode

        why:    Deprecated in Keras 2.0 (March 2017), which kept it as a legacy
                interface; absent from every tf.keras.
        safety: `migrate --write` applies it where the code proves what it needs;
                elsewhere it is reported

        Example (keras==1.2.2, run in both worlds by the tests) becomes:
            -from keras.layers import merge
            +from tensorflow.keras.layers import concatenate
            {}
            -x = merge([a, b], mode='concat')
            +x = concatenate([a, b])

        Example (keras==2.2.5, target tensorflow>=2.16) is reported:
            x = merge(y, mode=m)

        Example (keras==2.2.5) stays as it is:
            from mine import merge
        """).format(" ")


def test_a_rule_whose_examples_never_rewrite_is_manual_whatever_it_says() -> None:
    assert derived_safety(RULE) is Safety.SAFE
    assert derived_safety(replace(RULE, examples=RULE.examples[1:])) is Safety.MANUAL
