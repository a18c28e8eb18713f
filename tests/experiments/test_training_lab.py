"""The training lab: the path it keeps, the boundary, the loss on a plane, the sweep of learning rates."""
import numpy as np
import pytest

import backproplab as bl
from backproplab import nn
from backproplab.experiments.training_lab import TrainingLab, boundary, flat, plane, sweep, teach

SETTINGS = TrainingLab(steps=60, points=60, seed=207)


def test_the_path_leads_from_the_start_to_the_end():
    lesson = teach(SETTINGS, stride=7)
    assert lesson.at == [0, 7, 14, 21, 28, 35, 42, 49, 56, 60]
    assert np.array_equal(flat(lesson.path[0]), flat(SETTINGS.network.start("xavier", 207)))
    assert np.array_equal(flat(lesson.path[-1]), flat(lesson.trained.params))
    assert lesson.trained.history.train[-1] < lesson.trained.history.train[0]


@pytest.mark.parametrize("batch, taken", [(16, 16), (0, None), (1000, None)])
def test_it_trains_as_its_settings_say(batch, taken):
    settings, (data, test) = SETTINGS.but(batch=batch, decay=0.1), SETTINGS.parts
    net, start = SETTINGS.network, SETTINGS.network.start("xavier", 207)
    wanted = nn.train(net.objective("logistic", nn.L2(0.1)), start, data, 60, batch=taken, optimiser=nn.SGD(0.5), every=None, seed=207)
    assert np.allclose(flat(teach(settings).trained.params), flat(wanted.params), rtol=1e-12) and len(test.X) == 12


def test_the_boundary_is_the_networks_word_on_a_grid():
    lesson = teach(SETTINGS)
    X = SETTINGS.parts[0].X
    seen = boundary(SETTINGS.network, lesson.trained.params, X, 20)
    assert seen.p.shape == (20, 20) and seen.x[0] < X[:, 0].min() and seen.y[-1] > X[:, 1].max() and 0 <= seen.p.min() < 0.5 < seen.p.max() <= 1
    at = np.array([[seen.x[3], seen.y[5]]])
    assert np.isclose(seen.p[5, 3], nn.sigmoid(SETTINGS.network(lesson.trained.params, at))[0, 0])
    with pytest.raises(bl.InputError, match="2 inputs"):
        boundary(nn.Network((3, 1)), nn.Network((3, 1)).start(), X)


@pytest.mark.parametrize("directions", ["path", "random"])
def test_the_plane_goes_through_the_end_of_the_path(directions):
    lesson = teach(SETTINGS)
    seen = plane(lesson, directions, 41)
    X, y = SETTINGS.parts[0]
    end = float(SETTINGS.objective(lesson.trained.params, X, y))
    assert np.allclose(seen.path[-1], 0, atol=1e-12) and seen.loss.shape == (41, 41) and 0 < seen.shown <= 1 + 1e-12
    assert seen.a[0] < seen.path[:, 0].min() and seen.a[-1] > seen.path[:, 0].max() and np.all(np.isfinite(seen.loss))

    def there(point):
        """The loss at the place of the grid that is nearest to a point of the path."""
        return seen.loss[np.abs(seen.b - point[1]).argmin(), np.abs(seen.a - point[0]).argmin()]
    assert np.isclose(there(seen.path[-1]), end, rtol=0.03)
    if directions == "path":                                              # which shows nearly all of the movement, so the start too
        assert np.isclose(there(seen.path[0]), float(SETTINGS.objective(lesson.path[0], X, y)), rtol=0.06)
    with pytest.raises(bl.InputError, match='"path" or "random"'):
        plane(lesson, "up")


def test_the_path_directions_show_more_than_random_ones():
    lesson = teach(SETTINGS)
    assert plane(lesson, "path", 3).shown > 0.8 > plane(lesson, "random", 3).shown
    lengths = np.linalg.svd(np.array([flat(p) - flat(lesson.path[-1]) for p in lesson.path]), compute_uv=False) ** 2
    assert np.isclose(plane(lesson, "path", 3).shown, lengths[:2].sum() / lengths.sum(), rtol=1e-9)


def test_a_sweep_says_what_failed():
    told = []
    found = sweep(SETTINGS.but(activation="relu"), (0.01, 1.0, 1000.0), lambda k, n: told.append((k, n)))
    assert [s.rate for s in found] == [0.01, 1.0, 1000.0] and told[-1] == (3, 3) and found[1].train < found[0].train
    assert [s.stopped == "" for s in found] == [True, True, False] and "too long" in found[2].stopped
    assert found[2].train == found[2].test == np.inf and np.isfinite([s.test for s in found[:2]]).all()
    assert sweep(SETTINGS, (0.1,), cancel=lambda: True) == []


@pytest.mark.parametrize("make, said", [
    (lambda: TrainingLab(optimiser="RMSprop"), "Adam"), (lambda: TrainingLab(rate=0), "rate=0"), (lambda: TrainingLab(data="mnist"), "spirals"),
])
def test_absurd_settings_are_refused_in_words(make, said):
    with pytest.raises(bl.BackpropError, match=said):
        make()


def test_codes():
    settings = TrainingLab(data="spirals", rate=0.05, optimiser="Adam")
    assert settings.code == "training data=spirals optimiser=Adam rate=0.05" and TrainingLab.from_code(settings.code) == settings
