import { shownModels } from '../lib/gateway.ts';
import { Chat } from './chat.tsx';

export default function Page() {
  return <Chat models={shownModels} />;
}
