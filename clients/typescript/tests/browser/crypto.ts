// node:crypto of a browser.
export const randomUUID = () => crypto.randomUUID();
