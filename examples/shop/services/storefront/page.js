const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (value) => String(value).replace(/[&<>"]/g, (character) => ENTITIES[character]);

/** The storefront's one page: what `orders` returned, for people. */
export function page(orders) {
  const rows = orders.map((order) => `
        <tr><td>${escape(order.id)}</td><td>${escape(order.item)}</td><td>${escape(order.quantity)}</td><td>${escape(order.placed)}</td></tr>`);
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Shop</title></head>
  <body>
    <h1>Latest orders</h1>
    <table>
      <thead><tr><th>Order</th><th>Item</th><th>Quantity</th><th>Placed</th></tr></thead>
      <tbody>${rows.join('')}
      </tbody>
    </table>
  </body>
</html>
`;
}
