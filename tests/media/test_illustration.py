"""Decorative pictures: right size, light, repeatable, and not all alike."""

import io

import pytest
from PIL import Image

from media.renderers.illustration import GROUP_SCENES, MAX_BYTES, render_illustration
from media.renderers.scenes import SCENES


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_a_light_wide_jpeg(scene):
    data = render_illustration("canh-bao-1", scene=scene)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 900))
    assert len(data) <= MAX_BYTES


def test_a_seed_always_gives_the_same_picture_and_another_seed_another():
    pictures = [render_illustration(seed, group="chiem-doat-tai-khoan") for seed in ("a", "a", "b", "c")]
    assert pictures[0] == pictures[1]
    assert len(set(pictures)) == 3


def test_every_scene_of_a_group_exists():
    assert {scene for scenes in GROUP_SCENES.values() for scene in scenes} <= set(SCENES)


def test_the_hue_sets_the_colour_of_the_ground():
    def ground(hue: float) -> tuple[int, ...]:
        with Image.open(io.BytesIO(render_illustration("x", scene="phone", hue=hue))) as image:
            return image.getpixel((1590, 450))

    red, _green, blue = ground(0.6)
    assert blue > red
    red, _green, blue = ground(0.0)
    assert red > blue
