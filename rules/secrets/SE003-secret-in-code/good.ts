interface Credentials {
  password: string;
}

const read = (): Credentials => ({ password: process.env.DB_PASSWORD ?? '' });

export const handler = async (): Promise<string> => {
  const passwordField = 'input[name=password]';
  return read().password.length > 0 ? passwordField : 'none';
};
