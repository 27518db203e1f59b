import type { UsageLine } from '../../core/cost/usage';
import { priceUsage, totalUsd } from '../../core/cost/usage';
import { ARTICLE_2020 } from '../../core/prices/article-2020';
import { ARTICLE_LAMBDA_SECONDS, articleMonth } from '../../tools/cost-doc/article';

function monthUsd(usage: readonly UsageLine[]): string {
  return totalUsd(priceUsage(usage, ARTICLE_2020)).likely.toFixed(2);
}

describe('the example of the article, at its own prices', () => {
  it('costs 4.59 USD a month in a VPC without NAT', () => {
    expect(monthUsd(articleMonth('vpc'))).toBe('4.59');
  });

  it('costs 13.43 USD a month with a NAT for each job', () => {
    expect(monthUsd(articleMonth('nat'))).toBe('13.43');
  });

  it('costs a cent less and more with the seconds of Lambda that the article names', () => {
    expect(monthUsd(articleMonth('vpc', ARTICLE_LAMBDA_SECONDS.asNamed.vpc))).toBe('4.58');
    expect(monthUsd(articleMonth('nat', ARTICLE_LAMBDA_SECONDS.asNamed.nat))).toBe('13.44');
  });

  it.each([
    ['vpc', 0.000031245],
    ['nat', 0.000007291],
  ] as const)('takes the amount that the article prints for Lambda (%s)', (network, usd) => {
    const lambda = priceUsage(articleMonth(network), ARTICLE_2020).find(
      ({ item }) => item === 'lambdaGbSecond',
    );
    expect((lambda?.usd.likely ?? 0) / 150).toBeCloseTo(usd, 8);
  });

  it('takes 0.018486 USD for an hour of its task', () => {
    const task = priceUsage(articleMonth('vpc'), ARTICLE_2020).filter(({ spot }) => spot);
    expect(totalUsd(task).likely / 150).toBeCloseTo(0.018486, 9);
  });
});
