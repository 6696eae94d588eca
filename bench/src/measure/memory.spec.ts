import { describe, expect, it } from '@jest/globals';
import { memoryFaults } from './memory.ts';

describe('the memory of the services', () => {
  it('is named where it is too much, and nowhere else', () => {
    const figures = {
      x12: { peakRssMb: 900 },
      wholeWay: { peakRssMb: { intake: 300, validation: 299.9 } },
      growth: { peakRssMb: { intake: 250, remittance: 411.4 } },
      servers: {},
    };
    expect(memoryFaults(figures)).toEqual([
      'intake held 300 MB in wholeWay, and may not hold 300',
      'remittance held 411 MB in growth, and may not hold 300',
    ]);
  });
});
