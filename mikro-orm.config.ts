// For MikroORM's own command line, such as `npx mikro-orm debug`: the same options the service migrates with.
import { configFromProcess } from './src/config.js';
import { ownerOptions } from './src/database/open.js';

export default ownerOptions(configFromProcess().databaseUrl ?? 'postgresql://localhost/directory');
