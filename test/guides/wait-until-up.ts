/** Waits until a server answers. */
export const waitUntilUp = async (url: string): Promise<void> => {
  const isUp = await fetch(url).then(
    () => true,
    () => false,
  );
  if (isUp) return;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await waitUntilUp(url);
};
