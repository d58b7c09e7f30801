/** A cart that the services take. */
export const sampleCheckout = {
  lines: [
    {
      sku: 'TEA-SEN-50',
      name: 'Sencha green tea, first flush, loose leaf, resealable pouch, 250 g',
      quantity: 2,
      unitPrice: { currency: 'EUR', minorUnits: 1_890 },
    },
  ],
  shippingAddress: {
    recipient: 'Alice de Vries',
    street: 'Oudegracht 112',
    postalCode: '3511 AW',
    city: 'Utrecht',
    country: 'NL',
  },
  methodToken: 'tok_visa',
};
