import { useEffect, useState } from 'react';

/**
 * A value that survives a reload. It belongs to this tab, so that two tabs are two conversations. The third element says
 * whether it has been read: the server doesn't know it, so the first render can't have it.
 */
export function useStored<Value>(key: string, initial: Value): [Value, (value: Value) => void, boolean] {
  const [value, setValue] = useState(initial);
  const [isLoaded, setIsLoaded] = useState(false);
  useEffect(() => {
    const text = sessionStorage.getItem(key);
    if (text !== null) setValue(JSON.parse(text) as Value);
    setIsLoaded(true);
  }, [key]);
  const store = (next: Value) => {
    setValue(next);
    try {
      sessionStorage.setItem(key, JSON.stringify(next));
    } catch {
      // The images in it are too large for the storage: then it doesn't survive a reload.
    }
  };
  return [value, store, isLoaded];
}
