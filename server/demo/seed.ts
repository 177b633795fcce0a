import { setPassword } from '#server/access/passwords.ts';
import { makeStation } from '#server/new-station.ts';
import type { Station } from '#server/station.ts';

/** How a person of the demo signs in, as it is written down for whoever starts the station. */
export interface DemoSignIn {
  readonly role: string;
  readonly person: string;
  readonly name: string;
  readonly password: string;
}

/** Fills an empty database with the demo station and says how to sign in. */
export async function seedDemo(station: Station): Promise<readonly DemoSignIn[]> {
  const id = 'wenyuan';
  const coordinator = 'person-coordinator';
  await makeStation(station, {
    id,
    card: { name: '文源', phone: '0571-00000000', address: '' },
    coordinator: { id: coordinator, name: '站长' },
  });
  const password = 'nuanlin-demo';
  await setPassword(station.sql, id, coordinator, 'coordinator', password);
  return [{ role: 'coordinator', person: '站长', name: 'coordinator', password }];
}
