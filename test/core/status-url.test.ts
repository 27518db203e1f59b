import { changed, unchanged } from '../../core/attempts';
import { decideReport } from '../../core/completion';
import { settingsSchema } from '../../core/settings';
import { statusUrl, withStatusUrl } from '../../core/status-url';
import { at, launchedJob, makeReport } from '../support/builders';

describe('the URL of a status page', () => {
  it.each([
    [{ publicIp: '203.0.113.7', privateIp: '10.0.0.4' }, 'http://203.0.113.7:8080/'],
    [{ privateIp: '10.0.0.4' }, 'http://10.0.0.4:8080/'],
    [{}, undefined],
  ])('of a task at %j is %s', (address, url) => {
    expect(statusUrl(address, 8080)).toBe(url);
  });

  it('stands with the attempt that it is of, and with no other', () => {
    const context = { now: at(0), settings: settingsSchema.parse({}) };
    const decision = decideReport(launchedJob(), makeReport('started'), context);
    const { deliveryId } = makeReport('started');
    const noted = withStatusUrl(decision, deliveryId, 'http://10.0.0.4:8080/');
    expect(noted).toMatchObject({
      job: { orders: [{ attempts: [{ statusUrl: 'http://10.0.0.4:8080/' }] }] },
    });
    expect(withStatusUrl(decision, 'another', 'http://10.0.0.4:8080/')).toEqual(decision);
  });

  it('changes nothing where it is not known or the record stays as it is', () => {
    const same = unchanged('no reason');
    expect(withStatusUrl(same, 'd', 'http://10.0.0.4:8080/')).toBe(same);
    const decision = changed(launchedJob());
    expect(withStatusUrl(decision, 'd', undefined)).toBe(decision);
  });
});
