import type { AdminRoute } from '../lifecycle.ts';
import type { FaultInjector } from './fault-injector.ts';
import { parseFaultSettings } from './fault-settings.ts';

/** `PUT /faults` replaces the settings, `GET` shows them, `DELETE` heals. */
export function createFaultRoutes(faults: FaultInjector): AdminRoute[] {
  return [
    { method: 'GET', path: '/faults', handle: () => faults.settings },
    {
      method: 'PUT',
      path: '/faults',
      handle(body) {
        faults.set(parseFaultSettings(body));
        return faults.settings;
      },
    },
    {
      method: 'DELETE',
      path: '/faults',
      handle() {
        faults.heal();
        return faults.settings;
      },
    },
  ];
}
