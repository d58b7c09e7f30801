import type { Address, OrderLine } from '@bff/contracts';

type Article = Omit<OrderLine, 'quantity'>;

const article = (sku: string, name: string, minorUnits: number): Article => ({
  sku,
  name,
  unitPrice: { currency: 'EUR', minorUnits },
});

/** What the sample orders are made of. Prices in cents. */
export const articles: readonly Article[] = [
  article(
    'KTL-ELX-17-STEEL-EU',
    'Electric gooseneck kettle, 0.9 l, brushed steel, temperature hold from 40 to 100 °C',
    8_950,
  ),
  article(
    'COF-ETH-01-BEAN-1000',
    'Ethiopia Yirgacheffe, whole bean coffee, washed, light roast, valve bag, 1 kg',
    3_290,
  ),
  article(
    'FLT-PPR-02-NATURAL-100',
    'Paper filters for pour-over drippers, size 02, unbleached, compostable, pack of 100',
    795,
  ),
  article('GRD-HND-38', 'Hand grinder with 38 mm conical burrs, aluminium body, walnut knob', 12_900),
  article('MUG-STN-35', 'Stoneware mug, 350 ml, matt glaze, dishwasher safe, set of four', 4_400),
  article('LMP-DSK-06', 'Desk lamp with dimmable warm light, oak foot, textile cable', 7_490),
  article('BAG-TRV-30', 'Travel backpack, 30 l, recycled canvas, padded laptop compartment', 11_900),
  article('NTB-A5-192', 'Notebook A5, 192 dotted pages, thread-bound, lies flat', 1_450),
  article('HDP-WLS-05', 'Wireless headphones with noise cancelling, 38 h battery, foldable', 18_900),
  article('TEA-SEN-50', 'Sencha green tea, first flush, loose leaf, resealable pouch, 250 g', 1_890),
];

/** Each customer has two addresses; ids are those of the identity provider's users. */
export const addresses: Readonly<Record<'alice' | 'bob', readonly [Address, Address]>> = {
  alice: [
    {
      recipient: 'Alice de Vries',
      street: 'Prinsengracht 421, 2nd floor',
      postalCode: '1016 GV',
      city: 'Amsterdam',
      country: 'NL',
    },
    {
      recipient: 'Alice de Vries',
      street: 'Oudegracht 112',
      postalCode: '3511 AW',
      city: 'Utrecht',
      country: 'NL',
    },
  ],
  bob: [
    {
      recipient: 'Bob Lindqvist',
      street: 'Schönhauser Allee 80',
      postalCode: '10439',
      city: 'Berlin',
      country: 'DE',
    },
    {
      recipient: 'Bob Lindqvist',
      street: 'Große Bleichen 21',
      postalCode: '20354',
      city: 'Hamburg',
      country: 'DE',
    },
  ],
};
