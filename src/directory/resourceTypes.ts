// The two resource types. The whole service loops over this list.
import { type ResourceType, commonAttributes } from '../attribute/resourceType.js';
import { coreGroup } from './group/groupAttributes.js';
import { coreUser, enterpriseUser } from './user/userAttributes.js';

export const userType: ResourceType = {
  name: 'User',
  endpoint: '/Users',
  description: 'A person.',
  core: coreUser,
  extensions: [enterpriseUser],
  common: commonAttributes,
  table: 'directory_user',
};

export const groupType: ResourceType = {
  name: 'Group',
  endpoint: '/Groups',
  description: 'A group of people.',
  core: coreGroup,
  extensions: [],
  common: commonAttributes,
  table: 'directory_group',
};

export const resourceTypes: readonly ResourceType[] = [userType, groupType];
