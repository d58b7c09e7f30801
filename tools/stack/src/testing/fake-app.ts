/** A tiny app for the launcher's own tests. `BEHAVIOUR` says what it does. */
const { BEHAVIOUR: behaviour = 'serve', INSTANCE: instance = 'fake' } = process.env;

process.once('disconnect', () => process.exit(0));

switch (behaviour) {
  case 'refuse':
    console.error(
      `${instance} cannot start: 1 configuration error:\n  PORT: must be a whole number, is "x".`,
    );
    process.exit(1);
    break;
  case 'throw':
    throw new TypeError('something is broken');
  case 'ignore-sigterm':
    process.on('SIGTERM', () => undefined);
    process.send?.({ type: 'ready' });
    break;
  case 'die-when-ready':
    process.send?.({ type: 'ready' }, () => {
      console.log(JSON.stringify({ level: 50, msg: 'out of luck' }));
      process.exit(3);
    });
    break;
  default:
    process.send?.({ type: 'ready' });
}
