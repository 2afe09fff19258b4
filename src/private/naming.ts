/** `OrdersApi` -> `orders-api`: the form of DNS labels and Service Connect names. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}

/** `orders-api` -> `ORDERS_API`: the form of environment variables. */
export function upperSnakeCase(name: string): string {
  return kebabCase(name).replace(/-/g, '_').toUpperCase();
}
