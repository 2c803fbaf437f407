import { expect } from 'chai';
import fc from 'fast-check';
import { clientAddresses, networkOf, type TrustedProxies } from '../../src/operation/clientAddress.js';

const from = (trusted: TrustedProxies, remoteAddress: string, forwarded?: string): string =>
  clientAddresses(trusted)({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } });

describe('where a request comes from', () => {
  it('I9: is the connection, whatever X-Forwarded-For says, when no proxy is trusted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (forwarded) => {
        expect(from(0, '192.0.2.1', forwarded)).to.equal('192.0.2.1');
        expect(from([], '192.0.2.1', `198.51.100.7, ${forwarded}`)).to.equal('192.0.2.1');
      }),
    );
  });

  it('is what the outermost of a number of proxies saw; what callers wrote before that does not count', () => {
    expect(from(1, '10.0.0.1', '203.0.113.5')).to.equal('203.0.113.5');
    expect(from(1, '10.0.0.1', '1.1.1.1, 203.0.113.5')).to.equal('203.0.113.5');
    expect(from(2, '10.0.0.1', '1.1.1.1,203.0.113.5 ,10.0.0.2')).to.equal('203.0.113.5');
    expect(from(1, '10.0.0.1')).to.equal('10.0.0.1');
  });

  it('is what the last named proxy saw; who is not named is a caller', () => {
    const named = ['10.0.0.0/8', '2001:db8::1'];
    expect(from(named, '10.1.2.3', '1.1.1.1, 203.0.113.5, 10.9.9.9')).to.equal('203.0.113.5');
    expect(from(named, '2001:db8::1', '203.0.113.5')).to.equal('203.0.113.5');
    expect(from(named, '203.0.113.9', '1.1.1.1')).to.equal('203.0.113.9');
    expect(from(named, '10.1.2.3', '10.0.0.4')).to.equal('10.0.0.4');
  });

  it('is the nearest that is known when the header says anything else than addresses', () => {
    for (const strange of ['', 'unknown', '_hidden', '1.2.3', '1.2.3.4.5', '999.1.1.1', '1.1.1.1\r\nX: y', '::g']) {
      expect(from(1, '10.0.0.1', `1.1.1.1, ${strange}`), strange).to.equal('10.0.0.1');
    }
    expect(from(['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, nonsense')).to.equal('10.0.0.1');
    expect(from(2, '10.0.0.1', 'nonsense, 203.0.113.5')).to.equal('203.0.113.5');
  });

  it('has one spelling however it was written', () => {
    for (const spelling of ['203.0.113.5', '203.0.113.5:4711', '::ffff:203.0.113.5', '[::FFFF:cb00:7105]:80']) {
      expect(from(1, '::ffff:10.0.0.1', spelling), spelling).to.equal('203.0.113.5');
    }
    for (const spelling of ['2001:DB8:0:0::1', '[2001:db8::1]', '[2001:db8::1]:443', '2001:db8::1%eth0']) {
      expect(from(['10.0.0.1'], '::ffff:10.0.0.1', spelling), spelling).to.equal('2001:db8::1');
    }
  });

  it('is counted by the network of an IPv6 address, whose owner has all its addresses', () => {
    expect(networkOf('203.0.113.5')).to.equal('203.0.113.5');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).to.equal('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:2::9')).to.equal('2001:db8:1:2::/64');
    expect(networkOf('2001:db8::9')).to.equal('2001:db8:0:0::/64');
    expect(networkOf('::1')).to.equal('0:0:0:0::/64');
    expect(networkOf('unknown')).to.equal('unknown');
  });
});
