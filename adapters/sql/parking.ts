/** Most vouchers that are set aside at once: a big campaign that ends is cleared away in many steps, none of which takes long. */
export const PARKED_MAX = 4000;
