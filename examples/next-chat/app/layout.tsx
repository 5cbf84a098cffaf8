import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import './globals.css'; // oxlint-disable-line import/no-unassigned-import

export const metadata: Metadata = {
  title: 'Chat with ai-alloy',
  description: 'A chat that says which model answered, whom it passed over, and why.',
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
