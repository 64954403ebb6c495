import pytest

from massivetext.filters.html.formula_signs import has_formulas

SIGNS = ["<math>", "<mml:math>", '<script type="math/tex">', '<img class="mwe-math-x">', '<i class="math x">']


@pytest.mark.parametrize("sign", [*SIGNS, '<img class="tex">'])
@pytest.mark.parametrize("before", [0, 1, 50, 62, 63, 64, 200])
@pytest.mark.parametrize("after", [0, 1, 64, 100])
def test_signs_of_formulas_are_found_wherever_they_stand(sign: str, before: int, after: int) -> None:
    assert has_formulas(("x" * before + sign + "y" * after).encode())


@pytest.mark.parametrize(
    "text", ["", "math", "m", "aftermath of mathematics", '<b class="aftermath">', 'tex"', '"te"', '"latex"']
)
@pytest.mark.parametrize("before", [0, 61, 63])
def test_the_word_alone_is_no_sign(text: str, before: int) -> None:
    assert not has_formulas(("x" * before + text).encode())


def test_a_false_sign_before_a_true_one_hides_nothing() -> None:
    assert has_formulas(b'<mathematics> "math x <math>')
    assert not has_formulas(b"-math -mathematics")
