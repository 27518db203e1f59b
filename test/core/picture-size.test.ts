import type { PictureSize } from '../../core/preset';
import { fitPicture } from '../../core/picture-size';

describe('fitPicture', () => {
  it.each<[string, [number, number], PictureSize | undefined, [number, number]]>([
    ['a landscape by its height', [1920, 1080], { shortSide: 720 }, [1280, 720]],
    ['a portrait by its width', [2160, 3840], { shortSide: 720 }, [720, 1280]],
    ['a smaller source as it is', [854, 480], { shortSide: 720 }, [854, 480]],
    ['odd sides to even ones, never larger', [853, 481], { shortSide: 720 }, [852, 480]],
    ['proportion to the nearest even number', [3026, 1386], { shortSide: 720 }, [1572, 720]],
    ['into a box by its width', [1920, 800], { boxWidth: 1280, boxHeight: 720, fit: 'inside' }, [1280, 534]],
    ['into a box by its height', [1080, 1920], { boxWidth: 1280, boxHeight: 720, fit: 'inside' }, [406, 720]],
    ['without a size as it is', [1921, 1081], undefined, [1920, 1080]],
    ['a sliver at least two pixels wide', [4000, 3], { shortSide: 16 }, [4000, 2]],
  ])('fits %s', (_title, ...[[width, height], size, [fitWidth, fitHeight]]) => {
    expect(fitPicture({ width, height }, size)).toEqual({ width: fitWidth, height: fitHeight });
  });
});
