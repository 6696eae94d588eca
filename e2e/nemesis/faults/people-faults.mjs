import { writeFileSync } from 'node:fs';
import { serviceNames } from '@remitflow/kernel';
import { ask, post } from '../http.mjs';
import { pause } from '../waiting.mjs';

const lettersMax = 30;

const pace = { perSecond: 50, canary: [1, 5], failureLimit: 1_000 };

/** Two operators redrive the same dead letters of a service at the same time: one all at once, one after the other. */
export const redriveStorm = {
  kind: 'redrive-storm',
  cards: 3,
  deal: ({ instance, book }, draw) => {
    const { url, name } = instance.services[draw.pick(serviceNames)];
    return {
      target: name,
      locks: [`redrive ${name}`],
      run: async () => {
        const { status, body } = await ask(`${url}/ops/dead-letters?limit=${lettersMax}`);
        const letters =
          status === 200 && Array.isArray(body) ? body.map(({ deadLetterId }) => deadLetterId) : [];
        if (letters.length === 0) return 0;
        const send = async (path, command) => {
          const answer = await post(`${url}/ops/${path}`, { ...command, reason: 'the nemesis' });
          if (answer.status === 500) book.surprises.push(`${path} at ${name} answered 500`);
        };
        const oneByOne = async () => {
          for (const id of draw.shuffled(letters))
            await send(`dead-letters/${id}/redrive`, { by: 'operator two' });
        };
        await Promise.all([send('redrives', { ids: letters, by: 'operator one', ...pace }), oneByOne()]);
        return 1;
      },
    };
  },
};

/** A service's clock goes wrong by up to ten minutes, and jumps back. */
export const clockSkew = {
  kind: 'clock-skew',
  cards: 4,
  deal: ({ instance }, draw) => {
    const name = draw.pick(serviceNames);
    const skewMs = draw.between(-600_000, 600_000);
    return {
      target: `${name} by ${Math.round(skewMs / 1000)} s`,
      locks: [`clock ${name}`, `service ${name}`],
      run: async (signal) => {
        writeFileSync(instance.services[name].skewFile, String(skewMs));
        await pause(draw.between(5_000, 15_000), signal);
        writeFileSync(instance.services[name].skewFile, '0');
        return 1;
      },
    };
  },
};
